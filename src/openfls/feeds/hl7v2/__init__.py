"""HL7 v2 messages (ADT, ORU) to facts, and the writing of such messages."""
