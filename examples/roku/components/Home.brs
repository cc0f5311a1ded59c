' The one screen of the channel: rows of items, what is said in the one in focus, the player, and messages.
sub init()
    m.programme = m.top.findNode("programme")
    m.rows = m.top.findNode("rows")
    m.quotes = m.top.findNode("quotes")
    m.message = m.top.findNode("message")
    m.player = m.top.findNode("player")
    m.rows.observeField("rowItemFocused", "onFocused")
    m.rows.observeField("rowItemSelected", "onSelected")
    m.player.observeField("state", "onState")
    m.player.observeField("position", "onPosition")
    m.feedUrl = CreateObject("roAppInfo").GetValue("feed_url")
    m.home = invalid
    m.link = invalid
    m.screen = ""
    loadHome()
end sub

' The home screen

sub loadHome()
    say("One moment", "The programme is on its way.", "")
    m.homeFeed = CreateObject("roSGNode", "Feed")
    m.homeFeed.url = m.feedUrl
    m.homeFeed.observeField("status", "onHome")
    m.homeFeed.control = "RUN"
end sub

sub onHome()
    if m.homeFeed.problem <> ""
        say("The programme cannot be shown", m.homeFeed.problem, "Press OK to try again")
        return
    end if
    home = m.homeFeed.content
    printItems(home)
    if home.getChildCount() = 0
        say("Nothing to watch yet", "This channel has no videos at the moment. Please look in again later.", "Press OK to try again")
        return
    end if
    m.home = home
    m.top.findNode("channel").text = home.title
    m.rows.content = home
    showHome()
    follow()
end sub

sub printItems(home as object)
    for each row in home.getChildren(-1, 0)
        for each item in row.getChildren(-1, 0)
            print "ITEM "; row.id; " "; item.id; " "; item.streamFormat; " "; item.url
        end for
    end for
end sub

sub showHome()
    m.message.visible = false
    m.player.visible = false
    m.programme.visible = true
    m.rows.setFocus(true)
    enter("home")
end sub

sub onFocused()
    item = itemAt(m.rows.rowItemFocused)
    if item = invalid then return
    m.top.findNode("title").text = item.title
    m.top.findNode("facts").text = factsOf(item)
    m.top.findNode("description").text = item.description
    m.quotes.quotes = item.quotes
end sub

sub onSelected()
    item = itemAt(m.rows.rowItemSelected)
    if item <> invalid then play(item)
end sub

function itemAt(place as object) as dynamic
    if m.home = invalid or place = invalid or place.Count() < 2 then return invalid
    row = m.home.getChild(place[0])
    if row = invalid then return invalid
    return row.getChild(place[1])
end function

function factsOf(item as object) as string
    facts = ""
    if item.live
        facts = with(facts, "Live now")
    else
        seconds = item.length
        facts = with(facts, item.releaseDate)
        if seconds >= 60
            facts = with(facts, (seconds \ 60).ToStr() + " min")
        else if seconds > 0
            facts = with(facts, seconds.ToStr() + " s")
        end if
    end if
    if item.categories <> invalid
        for each category in item.categories
            facts = with(facts, category)
        end for
    end if
    return facts
end function

' One more of the facts, if it is one.
function with(facts as string, fact as string) as string
    if fact = "" then return facts
    if facts = "" then return fact
    return facts + "  " + chr(183) + "  " + fact
end function

' Deep links

sub onDeepLink()
    m.link = m.top.deepLink
    if m.home <> invalid then follow()
end sub

' Play what the deep link names. What is unknown leaves the home screen as it is.
sub follow()
    if m.link = invalid then return
    link = m.link
    m.link = invalid
    if m.player.visible then stopPlaying()
    if not isPlayable(link.mediaType)
        print "LINK unknown "; link.mediaType
        return
    end if
    item = findItem(m.home, link.contentId)
    if item <> invalid
        play(item)
        return
    end if
    m.itemFeed = CreateObject("roSGNode", "Feed")
    m.itemFeed.shape = "item"
    m.itemFeed.url = itemUrl(link.contentId)
    m.itemFeed.observeField("status", "onItem")
    m.itemFeed.control = "RUN"
end sub

sub onItem()
    print "LINK"; m.itemFeed.status
    ' What was withdrawn or never was is no reason to stop: the viewer is at home already.
    if m.itemFeed.problem = "" then play(m.itemFeed.content)
end sub

function isPlayable(mediaType as string) as boolean
    for each known in ["movie", "episode", "season", "series", "shortFormVideo", "tvSpecial", "live"]
        if lcase(mediaType) = lcase(known) then return true
    end for
    return false
end function

' Items stand beside home.json.
function itemUrl(contentId as string) as string
    folder = CreateObject("roRegex", "[^/]*$", "").Replace(m.feedUrl, "")
    return folder + "items/" + contentId.EncodeUriComponent()
end function

' The player

sub play(item as object)
    print "PLAY "; item.id
    m.advanced = false
    m.programme.visible = false
    m.message.visible = false
    m.player.content = item
    m.player.visible = true
    m.player.setFocus(true)
    m.player.control = "play"
    enter("player")
end sub

sub onState()
    state = m.player.state
    print "STATE "; state
    if not m.player.visible then return
    if state = "finished"
        stopPlaying()
    else if state = "error"
        m.player.visible = false
        say("This video cannot be played", m.player.errorMsg, "Press OK to go back")
    end if
end sub

sub onPosition()
    if m.advanced or m.player.position < 1 then return
    m.advanced = true
    print "POSITION"; int(m.player.position)
end sub

sub stopPlaying()
    m.player.visible = false
    m.player.control = "stop"
    showHome()
end sub

' Messages and keys

sub say(title as string, text as string, hint as string)
    m.programme.visible = false
    m.player.visible = false
    m.top.findNode("messageTitle").text = title
    m.top.findNode("messageText").text = text
    m.top.findNode("messageHint").text = hint
    m.message.visible = true
    m.message.setFocus(true)
    print "MESSAGE "; title; ": "; text
    enter("message")
end sub

sub enter(screen as string)
    m.screen = screen
    print "SCREEN "; screen
end sub

function onKeyEvent(key as string, press as boolean) as boolean
    if not press then return false
    if m.screen = "player" and key = "back"
        stopPlaying()
        return true
    end if
    if m.screen = "home" and key = "options"
        m.quotes.callFunc("showNext")
        return true
    end if
    if m.screen = "message" and key = "OK"
        if m.home = invalid then loadHome() else showHome()
        return true
    end if
    if m.screen = "message" and key = "back" and m.home <> invalid
        showHome()
        return true
    end if
    return false
end function
