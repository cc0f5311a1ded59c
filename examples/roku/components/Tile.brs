' One item of a row: its picture, its title, and whether it is live.
sub init()
    m.picture = m.top.findNode("picture")
    m.badge = m.top.findNode("badge")
    m.title = m.top.findNode("title")
end sub

sub onItemContent()
    item = m.top.itemContent
    if item = invalid then return
    m.picture.uri = item.hdPosterUrl
    m.badge.visible = item.live = true
    m.title.text = item.title
end sub
