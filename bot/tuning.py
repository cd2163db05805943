"""Every number that was chosen by measuring and decides which answer is given, ranked, suggested, matched or let out.

In the order of the journey of an answer. Behind each stands what it means, and behind "more:" what a higher one does.
Shares, weights, cosines and probabilities run from 0 to 1 where nothing else is said; lengths are in characters. What
is learnt from labelled data stands in `weights.json` and the `.npz` files; limits of forms, memory and time stand where
they are kept. Measurements: `docs/decisions/`, here by number. What a change does: `python -m evals compare`.
"""

# THE TURN: read in clauses, in its conversation.
SHORT_CLAUSE = 4  # shorter clauses are judged with their neighbour; more: fewer, longer ones
CLEAR_CLAUSE = 6  # an instruction or insult of so many is dropped beside a question; more: fewer are
DANGER_BY_CUES = 0.5  # probability of a danger, where cues stand in for the model, from which it is one; more: fewer
DANGER_NEARBY = 0.5  # probability from which a clause with those around it tells of a danger; more: fewer
DANGER_POSSIBLE = 0.05  # what is less likely shows no danger, whatever stands around it; more: quicker, fewer
TURNS_HEARD = 8  # turns of the person before this one; more: follow-ups reach further back
CHARACTERS_HEARD = 600  # of those turns together, the last ones
STANDS_ALONE = 0.3  # probability from which a turn that names something is new; more: it leans on the last more often
SURELY_AGAIN = 0.85  # probability from which the last answer is asked for again; more: fewer, for small talk instead
SEVERAL_WITHIN = 60  # up to so long a turn may ask several things; more: stories are cut into questions too
MOST_QUESTIONS = 6  # things asked in a turn, or years of one thing; the rest goes with the last
YEARS_BY_TWO_DIGITS = 6  # before the newest document's, in which 24年 is a year; more: spans of years become years

# WHAT A QUESTION SPEAKS OF: the weight of a word, from the dictionary and the documents.
WORD_WEIGHT = 0.15  # of any telling word
RARE_IN_CHINESE = 0.5  # added for a word that is rare in general Chinese; more: uncommon words count more
RARE_IN_DOCUMENTS = 0.5  # added for one that is rare in the documents; more: what few paragraphs name counts more
NAME_WEIGHT = 1.6  # factor of a name that a document holds (above 1); more: names decide
VERB_WEIGHT = 0.6  # factor of a verb; more: what is done counts like what it is done to
LONE_CHARACTER = 0.5  # factor of a single character
SIDE_REMARK = 0.45  # factor of a word in a segment that asks nothing; more: stories count
SHORT_QUESTION = 28  # up to so long all of a question asks; more: fewer side remarks, more strange names looked for
UNKNOWN_WORD = 0.3  # factor of a word that no document holds; more: such words keep a question from being answered
UNKNOWN_NOUN = 0.6  # the same of a noun in a short question
UNKNOWN_TOPIC = 0.6  # the same of a row of the lexicon in a long one
UNKNOWN_CLAIM = 0.1  # the same in a claim
TOPIC_WEIGHT = 0.4  # of a row of the lexicon that has no telling word of the question
TOPIC_GAIN = 1.25  # factor of a row of the lexicon on its heaviest word (above 1)
HEAVIEST_TOPIC = 1.2  # no row weighs more (above 0)
NAME_DECAY = 0.93  # factor of each next official name of a row; more: the later names are matched like the first
PART_OF_SAYING = 0.55  # of one part of a joined saying, or of a row heard within a longer saying, by itself
SHARED_SAYING = 0.6  # factor of a saying whose words another one took
QUANTITY_WEIGHT = 0.8  # of a date or an amount that picks out what is meant
BARE_QUANTITY = 0.8  # of its bare form (8月 for 8月底前) as a name
MOST_CONCEPTS = 40  # things a question speaks of, the heaviest; more: slower
NEARLY_HEAVIEST = 0.6  # of the heaviest weight, from which a thing is what a question is about; more: fewer things

# WHAT A QUESTION ASKS FOR, and what a follow-up takes over.
DETAIL_ASKED = 0.35  # probability from which a kind of detail is asked for; more: fewer answers need a proof
DETAIL_LIKELY = 0.05  # probability from which it may be, and is looked for
MEANING_ASKED = 0.35  # probability from which the meaning of a word is asked for
YES_NO_ASKED = 0.8  # probability from which a follow-up asks whether something is so, not what was asked before
CONTEXT_WEIGHT = 0.5  # factor of what the turn before spoke of; more: follow-ups stay on the matter
CONTEXT_CHARACTERS = 60  # of the turn before, heard before a follow-up when it is looked for by meaning
TERM_SHARE = 0.5  # of the pairs of characters of a term's name that must be said; more: fewer half-remembered names
TERM_STRETCH = 4  # or so many characters of it together
TERM_SHORTEST = 6  # a name must be so long to be known by less than the whole

# FINDING: passages by words and by meaning (0003).
WORDS_SHARE = 0.6  # of the keyword search in a passage's score
MEANING_SHARE = 0.4  # of the vector search in it
OFFICIAL_NAME = 0.6  # weight of official names beside the person's own words; more: everyday words count less
KEPT_FROM = 0.2  # of the best passage's score, from which a passage is kept; more: fewer candidates
ROWS_FOUND = 256  # sentences and clauses found by meaning; more: slower, nothing near is missed
PASSAGES_FOUND = 20  # passages of which sentences are looked at; more: slower

# SENTENCES: how much of the question each holds.
PARTIAL_NAME = 0.5  # of a long name's pairs of characters that must be there; more: stricter
PARTIAL_NAME_COUNTS = 0.7  # factor of a name that is there in part
SPOKEN_OF = 0.35  # strength from which a text speaks of a thing; more: more is missing, more is declined
TOLD_OF = 0.4  # strength from which a sentence is counted as telling of a thing
IN_HEADING = 0.6  # of a thing that stands in the heading above a sentence, not in it
IN_PARAGRAPH = 0.25  # of one that stands elsewhere in its paragraph
PLENTY_ASKED = 2.2  # weight of things beyond which a question is talk (above 0); more: long questions are covered less
HOLLOW = 0.6  # factor of the coverage of a sentence that shares only verbs or figures
PASSAGE_COUNTS = 0.12  # added for the best passage
PROOF_COUNTS = 0.2  # added for holding the detail asked for
ANNOTATION_LOSES = 0.08  # taken from an annotation of which no term is named
NEAREST_SENTENCES = 30  # by meaning, looked at though they share no word; more: slower
AS_NEAR = 0.02  # cosine by which a clause may be less near than the nearest and count as near
KIND_TOLD_BY = 3  # words before the kind of a thing (项目) that may tell which it is; more: surer to be found
MOST_ITEMS_ASKED = 4  # items an enumeration must have at most, however many are asked for

# QUOTING: which clauses of a sentence.
FULL_SENTENCE = 75  # up to so long a sentence is quoted whole where no single fact is asked
FULL_LIST = 160  # the same where a list is
WIDENED_TO = 30  # a quote without the detail asked for is widened to so much
LONG_LINE = 240  # up to so long a line of rules is quoted whole, with its conditions
ALMOST_ALL = 0.9  # of what a sentence holds of the question, that its quote must hold; more: longer quotes
EQUALLY_MUCH = 0.93  # of the most, at which a neighbour is as good, and a quote holds the weightiest thing; more: fewer
PROOF_REACH = 60  # a quote may be longer by so much to reach a proof
TAIL_CLAUSE = 14  # up to so long a clause without a subject belongs to the one beside it
NEAREST_CLAUSE = 0.5  # weight of the nearest clause beside the things asked about
DATED_RUN = 170  # a date dates what follows it in its sentence up to so long

# RANKING AND DECIDING: scales of features; `weights.json` is learnt anew after a change (`python -m evals.train`).
COSINE_SPREAD = 20.0  # factor on cosines, which crowd within a tenth (above 0)
COSINE_BASE = 0.85  # cosine that counts as none
COSINE_NEAR = 0.9  # cosine from which a sentence is not far from a strange thing
LIKE_HEADING = 12  # a shorter sentence is like a heading
MANY_CONCEPTS = 4  # things a sentence names, counted up to here
LONG_SENTENCE = 100  # the length that counts as 1
LONG_ASKED = 40  # the length of a question that counts as 1
LONGEST_LENGTH = 2.0  # what a length counts at most (above 0)

# DECIDING: what is answered, and with which sentences.
DETAIL_SURE = 0.9  # probability from which a detail must be in the quote; more: fewer answers are declined for it
TURN_ASKS = 0.5  # probability from which a turn asks; more: more turns are taken for complaints and errands
STATEMENT_ANSWERED = 0.9  # probability from which the best sentence is named beside the way on; more: fewer are
FURTHER = 0.55  # of the best score, from which a sentence that adds something is quoted too; more: shorter answers
FURTHER_OF_LIST = 0.4  # the same where a list is asked for
SAME_OF_LIST = 0.45  # of the best score, from which a sentence of the same thing is of the list
SAME_ASIDE = 0.95  # the same where no list is asked for
RANK_EQUAL = 0.5  # by which a sentence may rank below the best and still be about as good; more: names decide more
RANK_BESIDE = 2.0  # by which a sentence of the same may rank below the best (ranks are of any size)
RANK_FAR = 3.0  # by which one may that adds something, or is of a list
CLAUSE_FAR = 0.03  # cosine by which its nearest clause may be less near than the best one's, where no list is asked for
FACT_CHARS = 150  # of all quotes to a question for one fact
LIST_CHARS = 340  # to one for a list
MENTIONS_CHARS = 700  # to one for all mentions of a word
HEADINGS_TRIED = 6  # sentences whose paragraphs may be a topic's own
HEADING_NAMES = 0.85  # strength from which a heading names the topic; more: fewer whole paragraphs
HEADING_RELEVANT = 0.7  # of the best relevance, that the paragraph must have

# ANSWERING: in short, beside, and onward.
SHORT_EXPLANATION = 24  # up to so long an explanation is an answer in a line
ASKED_TOO = 0.3  # of the most spoken of, from which a segment is asked about too; more: more short answers, less sure
PROGRESS_TOLD = 3  # results of quoted promises told beside them; of more none is, the page of targets has them
RELATED_PASSAGES = 3  # shown where nothing answers
DEPARTMENT_FITS = 0.89  # cosine from which a department handles a matter; more: fewer are named
ONWARD_OFFERED = 3  # questions that lead on
ONWARD_TRIED = 12  # questions tried to find those; more: slower
ONWARD_LONGEST = 16  # of the name of a thing that is asked for; more: clumsier questions
EXAMPLES_SHOWN = 8  # questions to begin with
EXAMPLES_EACH = 2  # of those for a document that has none
EXAMPLES_TRIED = 6  # questions tried to find those; more: slower start

# WRITING: what a model is given.
PASSAGES_GIVEN = 6  # to a model at most
TOKENS_A_CHARACTER = 0.6  # of a Chinese character; more: fewer passages fit in a prompt
TOKENS_A_RUN = 1.2  # of a run of other characters (above 0)
HOPELESS = 8  # sentences dropped before one passes, after which the excerpt stands; more: slower, more often written

# THE CHECK of what a model wrote (0018); more of a cosine or share lets less through.
LONGEST_WRITTEN = 240  # of a sentence that may leave; more: lets more through
CHINESE_SHARE = 0.4  # of its letters that are Chinese
PASSAGES_TRIED = 4  # likeliest ones that a sentence is held against, alone and in pairs; more: lets more through
TELLING_PAIR = 3  # weight of a shared pair of a telling word, against 1 of any other (above 0)
SHARED_NUMBER = 6  # weight of a shared number (above 0)
SHARED_CHARACTER = 0.01  # weight of a shared character: tells between clauses otherwise as like
DRAWN_ON_TOO = 6  # weight that another clause must add to be drawn on too (above 0); more: fewer clauses are compared
CONDITION_KEPT = 0.7  # of a condition's words that a sentence must say
CONDITION_VERB = 0.5  # weight of a verb of a condition, against 1 of a noun
CONDITION_WORD_KEPT = 0.91  # cosine from which a word of a condition is said by another
AKIN_VERBS = 0.94  # cosine from which two verbs mean the same
AKIN_NOUNS = 0.955  # the same of two nouns
AKIN_SHORT_NOUNS = 0.92  # the same of two of two characters that begin alike
AKIN_LINKED = 0.915  # the same of two words that the lexicon links
ABBREVIATION_GAP = 2  # characters left out between two of an abbreviation; more: lets more through
TRANSLATED = 0.81  # cosine from which a sentence in another language says what it quotes

# THE OFFICE: approved answers (0009), paused topics, suggestions, the weekly report (0011).
APPROVED_FROM = 0.99  # likeness from which two questions are one (up to 1.05); more: fewer approved answers are given
APPROVED_HELD = 0.05  # added for what both speak of
APPROVED_LOOSE = 0.4  # factor of a verb or lone character in that
SURE_NAME = 0.9  # strength from which a name stands for what was said: pauses it, highlights it; more: fewer
TOPIC_TELLS = 0.4  # information from which a verb or time names a topic (停水; not 需要); more: fewer words may pause
PAUSE_WIDE = 0.2  # of recent questions stopped, from which the office is asked twice; more: it is asked less often
SUGGESTED = 6  # questions shown while one is typed
SUGGESTED_FROM = 0.5  # of what is typed that a question must hold; more: fewer
SUGGESTED_FROM_CHARACTERS = 2  # typed, before anything is suggested
SUGGESTED_OFFICIAL = 0.9  # of a question that has the reports' word for what was typed
SUGGESTED_TYPED_BESIDE = 0.5  # factor of the typed words themselves beside such a word
ALIKE_SHOWN = 0.93  # cosine from which a question is shown as another way to put one; more: fewer
ALIKE_SAME = 0.945  # cosine from which two are of one group in the report; more: more, smaller groups
ALIKE_PROPOSED = 8  # ways to put a question shown

# THE DESK (0010).
DESK_ANSWER_SURE = 0.7  # probability from which an answer is read out; more: more is for the agent's eyes alone
DESK_PASSAGES = 12  # passages found
DESK_TARGETS = 30  # targets found
DESK_QUOTE = 120  # of what is read out of a passage
