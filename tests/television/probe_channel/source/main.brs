' A channel as others write it: it knows the Direct Publisher shape, and nothing else.
sub Main()
    port = CreateObject("roMessagePort")
    screen = CreateObject("roSGScreen")
    screen.SetMessagePort(port)
    scene = screen.CreateScene("Probe")
    screen.Show()
    scene.observeField("done", port)
    wait(20000, port)
    print "DONE "; scene.done
end sub
