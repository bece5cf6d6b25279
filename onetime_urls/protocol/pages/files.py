"""Tells by a file's name what kind of file it is, for people: a picture and a word."""

KINDS = {
    "document": "doc docx odt pages pdf rtf tex epub eml msg",
    "text": "txt md csv log json xml yaml yml toml ini html css js ts py java c h cpp go rs sh sql diff",
    "picture": "avif bmp gif heic heif ico jpeg jpg png psd raw svg tif tiff webp",
    "audio": "aac aif aiff flac m4a mid mp3 oga ogg opus wav wma",
    "video": "avi m4v mkv mov mp4 mpeg mpg ogv webm wmv",
    "archive": "7z bz2 gz iso rar tar tgz xz zip zst",
    "table": "numbers ods parquet tsv xls xlsm xlsx",
    "slides": "key odp pps ppsx ppt pptx",
    "program": "apk app appimage bat cmd com deb dmg exe jar msi pkg ps1 rpm scr vbs",
}
"""Endings of names, by the icon and the text that stand for them."""

_BY_ENDING = {ending: kind for kind, endings in KINDS.items() for ending in endings.split()}


def kind_of_file(name: str) -> str:
    """One of `KINDS`, or "file" for whatever ends otherwise."""
    return _BY_ENDING.get(name.rpartition(".")[2].lower() if "." in name else "", "file")
