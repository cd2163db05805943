"""Every number that was chosen by measuring and decides how documents are read, cut into words, weighed and found.

Behind each stands what it means, and behind "more:" what a higher one does. Shares run from 0 to 1, lengths are in
characters. The numbers of what is asked and answered are in `bot/tuning.py`; limits of size, memory and time stand
where they are kept. After a change delete `indexes` and `words` in the data folder: not all of this is in their
fingerprints.
"""

# PRINTED PAGES, joined to paragraphs; sizes against the letters of the line.
FULL_LINE = 0.88  # of the usual breadth, from which a line is full and may go on; more: more, shorter paragraphs
USUAL_BREADTH = 0.9  # of all lines that reach less far than the usual breadth; more: fewer lines are full
FULL_LETTERS = 15  # breadth, in letters, that a full line has at least
LATIN_BREADTH = 0.5  # of a Latin letter, against a Chinese one
INDENT = 1.2  # letters, from which the beginning of a line is set in (above 0)
OTHER_SIZE = 0.1  # difference in size from which a line is of another paragraph; more: fewer paragraphs
CELL_GAP = 1.0  # letters between two cells of a row, at least; more: more cells are one
HEAD_ABOVE = 8.0  # letters above a row, up to which what stands there names its column; more: more strange names
LONGEST_ROW = 400  # of a row of a table
RUNNING_SHARE = 0.5  # of the pages, on which a line at the edge is no text; more: more running heads stay
RUNNING_PAGES = 3  # on so many pages at least
EDGE_LINES = 2  # lines at the top and foot of a page that are its edge
SCANNED_BELOW = 10  # characters a page, below which the pages are pictures
UNKNOWN_SHARE = 0.2  # of characters that the font hides, from which a file is refused
NOTE_SMALLER = 0.75  # size of its neighbour, below which a number is the mark of a note
NOTE_HIGHER = 0.15  # of its neighbour's size, by which it stands higher, and pieces of one line do not

# WEB PAGES AND TABLES.
MAIN_SHARE = 0.9  # of all prose, that the element of the main text holds; more: more of the page's frame stays
FRAME_SHARE = 0.8  # of all prose, up to which an element named like a frame is one; more: more is taken for frame
LAYOUT_PARAGRAPHS = 4  # in a cell; with more its table only puts things in their places
LONGEST_COLUMN_NAME = 24  # of a cell that heads a column

# PARTS AND PASSAGES.
PART_OPENING = 60  # of a paragraph, in which the years that it tells of are looked for
SPEAKER = 30  # up to so long the line after the date of a report names who gave it
MOST_LINES = 100  # of an article are one passage
SAME_TEXT = 0.9  # of the shorter of two documents, that stands in the longer, from which they are one; more: fewer are
SAME_THING = 0.6  # of the characters of two objects, from which they are one thing; more: fewer results are found

# WORDS: how much each tells, from 0 (的) to 1 (a rare or unknown word), by its frequency in general Chinese.
TELLS_NOTHING = 5  # logarithm of one over the frequency, at which a word tells nothing; more: common words tell less
TELLS_ALL = 15  # the same at which it tells all (above TELLS_NOTHING); more: rare words tell less
KEPT_WHOLE = 200_000  # frequency at which a word of the documents wins against the words around it
OWN_WORD = 4  # up to so long a word that the dictionary lacks is kept whole
CONJUNCTION = 0.5  # what a conjunction must tell not to be dropped; more: more are dropped
TYPO_SHORTEST = 2  # of a word that a typo may have stood for; more: fewer typos are put right
TYPO_LONGEST = 6  # of such a word; more: slower
TYPO_TELLS = 0.26  # what a character must tell to be a typo (份 in 多少份工 is none); more: fewer are put right

# THE INDEX: what is searched, by words (docs/decisions/0003-retrieval.md) and by meaning.
BM25_K1 = 1.2  # how much more a word counts that stands often in a passage (above 0)
BM25_B = 0.5  # how much less it counts in a long passage
HEADINGS_ABOVE = 2  # innermost headings that a sentence is found and matched under
SHORTEST_ROW = 6  # of a clause that is a row of its own; more: fewer rows
GRAPH_WIDTH = 200  # rows looked at to put one into the graph of very many; more: nearer to exact, slower to build
GRAPH_DEPTH = 128  # rows looked at for a question there; more: nearer to exact, slower
GRAPH_NEIGHBOURS = 32  # of a row in the graph; more: nearer to exact, more memory
