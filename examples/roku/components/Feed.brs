' Asks for one address, away from the thread that draws.
sub init()
    m.top.functionName = "load"
end sub

sub load()
    port = CreateObject("roMessagePort")
    request = CreateObject("roUrlTransfer")
    request.SetMessagePort(port)
    request.SetUrl(m.top.url)
    request.EnableEncodings(true)
    request.RetainBodyOnError(true)
    if left(m.top.url, 6) = "https:"
        request.SetCertificatesFile("common:/certs/ca-bundle.crt")
        request.InitClientCertificates()
    end if
    if not request.AsyncGetToString()
        finish(0, "The address of this channel is not one that can be asked.")
        return
    end if

    answer = wait(10000, port)
    if answer = invalid
        request.AsyncCancel()
        finish(0, "The newsroom did not answer within ten seconds.")
        return
    end if
    read(answer.GetResponseCode(), answer.GetString())
end sub

sub read(status as integer, body as string)
    if status <= 0
        finish(status, "The newsroom cannot be reached. Is this device online?")
        return
    end if
    document = ParseJson(body)
    if status <> 200
        finish(status, problemOf(status, document))
        return
    end if

    content = invalid
    if m.top.shape = "item"
        content = itemNode(document)
    else
        content = homeNode(document)
    end if
    if content = invalid
        finish(status, "The newsroom answered with something that is not a programme.")
        return
    end if
    m.top.content = content
    finish(status, "")
end sub

sub finish(status as integer, problem as string)
    m.top.problem = problem
    m.top.status = status
end sub

' What a problem document says, or the status alone.
function problemOf(status as integer, document as dynamic) as string
    detail = textOf(document, "detail")
    if detail = "" then detail = textOf(document, "title")
    if detail = "" then detail = "The newsroom answered " + status.ToStr() + "."
    return detail
end function
