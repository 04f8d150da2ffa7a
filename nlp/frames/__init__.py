"""What the talk around a name is about: frames, from seeds and what is learned from them.

`nlp.frames.framer` decides, `nlp.frames.surroundings` says which text it is given,
`nlp.frames.learn` learns further words from a corpus, `nlp.frames.directions` tells
who goes where and whose culture it is. See docs/frames.md.
"""
