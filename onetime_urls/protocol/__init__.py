"""What the rooms of this project have to agree on: pure rules, standard library only, no I/O, no clock.

`links` says when two URLs are one link and when a claim is won, `shares` what a share's page may do, `rules`
which objects a signed-in user may read, `paths` how a key is spelt in a URL, and `pages` what people see. The
same modules run in the functions at AWS, in the constructs that deploy them and in the command.
"""
