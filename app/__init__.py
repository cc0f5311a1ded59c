"""Onrecord, the open news content API. The packages, in the order in which to read them:

articles, quotes, entities   the newsroom's resources; each slice has routes, schemas, reads, writes
sections, publishers, media  what articles are filed in, whose they are, and what they show
channels, feeds              streaming channels, and what televisions and readers poll
documents                    what is served, as typed models
models                       the tables, and what the public may see of them (visibility)
database                     the engine, the one commit site, what differs between databases
web                          HTTP mechanics that know no resource
slugs, changes, access       names of resources, the journal, API keys
representations              documents to bytes
search                       words in, the quotes that hold them out
extraction                   quotes found in a text, in processes of their own
exports, mirroring           all content for copies elsewhere, and such a copy
importers                    article pages and NDJSON, taken in
caching                      answers kept ahead of all that
api, main, __main__          FastAPI, the layers that answer before it, and the command line
"""
