"""The inbox: messages kept byte for byte before they are acknowledged, then processed."""
