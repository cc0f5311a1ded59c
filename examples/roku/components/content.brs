' Makes ContentNodes of the API's documents. What is missing or null is left out, and never stops the channel.

' The rows of home.json; invalid when it is none.
function homeNode(document as dynamic) as dynamic
    if type(document) <> "roAssociativeArray" or not hasArray(document, "rows") then return invalid
    home = CreateObject("roSGNode", "ContentNode")
    home.id = textOf(document, "id")
    home.title = textOf(document, "title")
    home.description = textOf(document, "description")
    appendRow(home, "live", "Live", arrayOf(document, "live"))
    for each row in arrayOf(document, "rows")
        appendRow(home, textOf(row, "id"), textOf(row, "title"), arrayOf(row, "items"))
    end for
    return home
end function

' A row without anything to play is not shown.
sub appendRow(home as object, id as string, title as string, items as object)
    row = CreateObject("roSGNode", "ContentNode")
    row.id = id
    row.title = title
    for each item in items
        node = itemNode(item)
        if node <> invalid then row.appendChild(node)
    end for
    if row.getChildCount() > 0 then home.appendChild(row)
end sub

' One item; invalid when there is nothing to play.
function itemNode(item as dynamic) as dynamic
    if textOf(item, "id") = "" or textOf(item, "url") = "" then return invalid
    node = CreateObject("roSGNode", "ContentNode")
    node.id = item.id
    node.title = textOf(item, "title")
    node.description = textOf(item, "description")
    node.hdPosterUrl = textOf(item, "hdPosterUrl")
    node.fhdPosterUrl = textOf(item, "fhdPosterUrl")
    node.url = item.url
    node.streamFormat = textOf(item, "streamFormat")
    node.releaseDate = textOf(item, "releaseDate")
    node.categories = arrayOf(item, "categories")
    node.actors = arrayOf(item, "actors")
    subtitles = arrayOf(item, "subtitleTracks")
    if subtitles.Count() > 0 then node.subtitleTracks = subtitles
    live = item["live"]
    if live <> invalid then node.live = live
    length = item["length"]
    if length <> invalid then node.length = length
    node.addFields({ quotes: arrayOf(item, "quotes") })
    return node
end function

' The item with this id in any row; invalid when there is none.
function findItem(home as object, id as string) as dynamic
    for each row in home.getChildren(-1, 0)
        for each item in row.getChildren(-1, 0)
            if item.id = id then return item
        end for
    end for
    return invalid
end function

function textOf(document as dynamic, name as string) as string
    if type(document) <> "roAssociativeArray" then return ""
    value = document[name]
    if GetInterface(value, "ifString") = invalid then return ""
    return value
end function

function arrayOf(document as dynamic, name as string) as object
    if not hasArray(document, name) then return []
    return document[name]
end function

function hasArray(document as dynamic, name as string) as boolean
    return type(document) = "roAssociativeArray" and type(document[name]) = "roArray"
end function
