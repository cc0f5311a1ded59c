' Opens the channel, hands deep links to it, and waits until it is closed.
sub Main(args as dynamic)
    port = CreateObject("roMessagePort")
    screen = CreateObject("roSGScreen")
    screen.SetMessagePort(port)
    input = CreateObject("roInput")
    input.SetMessagePort(port)
    home = screen.CreateScene("Home")
    screen.Show()
    open(home, args)

    while true
        message = wait(0, port)
        kind = type(message)
        if kind = "roSGScreenEvent" and message.IsScreenClosed() then exit while
        ' A deep link may also come while the channel runs.
        if kind = "roInputEvent" then open(home, message.GetInfo())
    end while
end sub

sub open(home as object, args as dynamic)
    if args = invalid then return
    if args.contentId = invalid or args.mediaType = invalid then return
    home.deepLink = { contentId: args.contentId, mediaType: args.mediaType }
end sub
