"""Published bands in words: as numbers, and as the words that are on the question's own scale."""

from __future__ import annotations

from fractions import Fraction

from bot.domain.bands import Band
from bot.domain.library import PulseItem, Scale
from bot.ports import Texts


def figure(end: Fraction) -> str:
    """A band's end as people write it: 3, or 3.5."""
    return f"{float(end):g}"


def range_in_words(texts: Texts, item: PulseItem, low: Fraction, high: Fraction) -> str:
    """Such as "3 and 5, where 1 is strongly disagree and 5 is strongly agree"."""
    return texts.say(
        "summary.range",
        low=figure(low),
        high=figure(high),
        bottom=item.scale.low,
        bottom_label=item.scale.labels[0].lower(),
        top=item.scale.high,
        top_label=item.scale.labels[-1].lower(),
    )


def people_in_words(texts: Texts, band: Band) -> str:
    """Such as "5 to 7 people answered."."""
    if band.n_high is None:
        return texts.say("summary.people_or_more", low=band.n_low)
    return texts.say("summary.people", low=band.n_low, high=band.n_high)


def labels_in_words(texts: Texts, scale: Scale, low: Fraction, high: Fraction) -> str:
    """What is between two points of a scale, such as: from "agree" to "strongly agree".

    An end that has no words of its own becomes the nearest further out that has some, so that the
    words never claim more than the numbers. Each scale has them at both ends and in the middle.
    """
    named = _named_points(texts, scale)
    middle = Fraction(scale.low + scale.high, 2)
    if low < middle < high and middle - low == high - middle and low > scale.low:
        return texts.say("summary.labels.around", middle=named[middle])
    return texts.say(
        "summary.labels.between",
        low=named[max(point for point in named if point <= low)],
        high=named[min(point for point in named if point >= high)],
    )


def _named_points(texts: Texts, scale: Scale) -> dict[Fraction, str]:
    middle = Fraction(scale.low + scale.high, 2)
    labels = {
        Fraction(value): texts.say("summary.labels.label", label=label.lower())
        for value, label in zip(scale.values, scale.labels, strict=True)
        if label
    }
    return {middle: texts.say("summary.labels.middle"), **labels}
