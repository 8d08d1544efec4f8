"""The MLLP listener: hospitals send HL7 v2 messages all day, and each is told when its message is on disk."""
