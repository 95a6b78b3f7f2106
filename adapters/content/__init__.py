"""Everything under the prompts folder, loaded and validated."""

from adapters.content.library import PromptLibrary, load_library

__all__ = ["PromptLibrary", "load_library"]
