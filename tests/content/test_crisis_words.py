"""The crisis words that are shipped: what they find, and what they leave alone."""

from __future__ import annotations

import pytest

from adapters.content import PromptLibrary
from adapters.content.texts import LanguageTexts
from bot.usecases.commands import COMMANDS

NEEDS_HELP = """
I want to die
i WANT to DIE!!!
i wanna die
i want 2 die
i just  want\tto   die...
I want to diiiiie
Sometimes I wish I was dead.
I wish i were dead tbh
they'd be better off without me
Everyone would be better off if I wasn't here
nobody would miss me
No one would miss me
I don't want to be alive anymore
I don\u2019t want to be alive any more
i dont want to live any more
I do not want to live any longer
I don't want to be here anymore
there's no point in living
whats the point of living
I am tired of living
I can't go on like this
I cannot go on any more
I keep having thoughts of dying
I'm going to end my life
I have been thinking about ending my life
Thinking of taking my own life
i want to end it all
I'm going to kill myself
im gonna kill my self
killing myself is all I think about
I feel suicidal
feeling sucidal again
Thinking about suicide.
thinking about sucide
thinking about suiside
SUICIDE
suic*de
su\u0301i\u0301cide
kms
KMS.
i'm gonna kms
wanna unalive myself
I've taken an overdose
I took too many tablets
I've been self-harming
self harm
selfharm
I want to hurt myself
I keep hurting myself
I cut myself again last night
cutting myself helps
I can't keep myself safe
I don't feel safe at home
it isn't that bad but I'm not safe at home
I'm scared to go home
I am afraid of my husband
frightened of my boyfriend
my husband hits me
He hits me when he drinks
My partner beats me up
I'm being abused
I am being abused by my mum
I'm in an abusive relationship
he threatened to kill me
I was raped
I was sexually assaulted at the party
My friend wants to die
my brother says he wants to die
I think she's going to kill herself
He said he would end his life
A colleague is suicidal
my sister has been harming herself
I'm in danger
my friend is in danger
she is in danger
I want to hurt someone
I can't do this anymore
I can't take it any more.
"""

HARMLESS = """
This printer is killing me
My back is killing me
The traffic nearly killed me
I'm dying to see the new office
dying for a coffee
The deadline is tomorrow and I'm dead tired
I nearly died laughing
I wanted to die of embarrassment when my phone rang
I could die laughing
I was killing myself laughing
I'm killing myself to meet this deadline
I could kill for a biscuit
my boss will kill me if I'm late
dead on my feet
The battery died
my laptop is about to die
I want to dye my hair
I want to diet
we should kill this feature
kill the process and start again
it's 20 kms from here
20 kms
The road is a few kms long, just kms away
I end my shift at six
I want to end my contract
I can't go on the training next week
I can't go on holiday
I can't carry on the conversation now
I don't want to be here until nine
I don't want to wake up at six tomorrow
I don't want to live in London
I hurt myself at the gym
I cut myself on some paper
cutting myself some slack this week
I am going to a suicide prevention course
Suicide awareness week starts on Monday
That would be career suicide
an overdose of caffeine and spreadsheets
Where is the domestic abuse policy?
It hits me that he never answered
She hit me with a great question
That beats me
the project is in danger of slipping
don't beat yourself up
I feel safe at home when I work there
I'm scared of spiders
the meeting made me want to scream
I can't do this task anymore, can somebody take it over?
I'm exhausted and sad
life is hard
take my laptop home
I'm taking my lunch now
pause
help
I need help
stop
leave me alone
hello
"""


def lines(text: str) -> list[str]:
    return [line for line in text.strip().splitlines() if line.strip()]


@pytest.fixture(scope="module")
def english(library: PromptLibrary) -> LanguageTexts:
    return library.texts("en")


@pytest.mark.parametrize("text", lines(NEEDS_HELP))
def test_words_of_a_crisis_are_found(english: LanguageTexts, text: str) -> None:
    assert english.tells_of_crisis(text)


@pytest.mark.parametrize("text", lines(HARMLESS))
def test_harmless_words_are_left_alone(english: LanguageTexts, text: str) -> None:
    assert not english.tells_of_crisis(text)


def test_everything_harmless_at_once_is_left_alone(english: LanguageTexts) -> None:
    assert not english.tells_of_crisis(HARMLESS)


def test_they_are_found_anywhere_in_a_long_text(english: LanguageTexts) -> None:
    for before, after in ((0, 3000), (1500, 1500), (3000, 0)):
        text = "one more " * before + "I want to die. " + "and so on " * after
        assert english.tells_of_crisis(text)
    assert not english.tells_of_crisis("I want to " * 3000)


def test_no_sentence_of_the_bots_own_calls_for_the_card(english: LanguageTexts) -> None:
    """People quote it, and its commands come after the words of a crisis."""
    said = [english.phrases.sentence(key) for key in english.phrases.keys]
    said += [reflection.text for reflection in english.reflections]
    assert [text for text in said if english.tells_of_crisis(text)] == []
    asked = [each for name in COMMANDS for each in english.say(f"command.words.{name}").split(",")]
    assert [text for text in asked if english.tells_of_crisis(text)] == []
