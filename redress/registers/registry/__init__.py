"""People, households and the facts about them: "the base"."""
