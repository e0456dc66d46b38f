"""Pictures to pages of words, by rapidocr and the models of its own wheel (extra ``ocr``)."""
