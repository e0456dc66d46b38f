"""The UN/EDIFACT directories as compiled tables: facts as data, one pattern a segment, one automaton a message.

Adding a release or a message is adding data (``tools/make_directory.py``), never code.
"""
