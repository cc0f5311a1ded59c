' Who said what in an item, one quote at a time.
sub init()
    m.words = m.top.findNode("words")
    m.speaker = m.top.findNode("speaker")
    m.role = m.top.findNode("role")
    m.place = m.top.findNode("place")
    m.shown = 0
    m.top.visible = false
end sub

sub onQuotes()
    m.shown = 0
    m.top.visible = m.top.quotes.Count() > 0
    if m.top.visible then show()
end sub

' Turn to the next quote; after the last one comes the first.
sub showNext()
    count = m.top.quotes.Count()
    if count < 2 then return
    m.shown = (m.shown + 1) mod count
    show()
end sub

sub show()
    quotes = m.top.quotes
    quote = quotes[m.shown]
    m.words.text = chr(8220) + textOf(quote, "text") + chr(8221)
    m.speaker.text = textOf(quote, "speaker")
    m.role.text = textOf(quote, "role")
    if m.speaker.text = ""
        ' Somebody without a name, as "a deckhand".
        m.speaker.text = m.role.text
        m.role.text = ""
    end if
    m.place.text = ""
    if quotes.Count() > 1
        m.place.text = (m.shown + 1).ToStr() + " of " + quotes.Count().ToStr() + "  *"
    end if
    print "QUOTE "; textOf(quote, "id"); " "; m.speaker.text
end sub
