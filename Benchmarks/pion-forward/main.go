// SPDX-License-Identifier: Apache-2.0

// Forwards the packets of one publisher to all subscribers, as Pion's own examples do: the same program as
// `rtc-bench forward`. Requests are lines of JSON on standard input, each answered by one on standard output.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"net"
	"os"
	"runtime"

	"github.com/pion/interceptor"
	"github.com/pion/webrtc"
)

type message struct {
	Request     string  `json:"request,omitempty"`
	SDP         string  `json:"sdp,omitempty"`
	Allocations *uint64 `json:"allocations,omitempty"`
}

func check(err error) {
	if err != nil {
		log.Fatal("pion-forward: ", err)
	}
}

func main() {
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	settings.SetIPFilter(func(address net.IP) bool { return address.IsLoopback() })
	engine := &webrtc.MediaEngine{}
	check(engine.RegisterDefaultCodecs())
	registry := &interceptor.Registry{}
	check(webrtc.RegisterDefaultInterceptors(engine, registry))
	api := webrtc.NewAPI(
		webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings))
	track, err := webrtc.NewTrackLocalStaticRTP(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", "forwarded")
	check(err)

	output := json.NewEncoder(os.Stdout)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var request message
		check(json.Unmarshal(lines.Bytes(), &request))
		if request.SDP == "" {
			var memory runtime.MemStats
			runtime.ReadMemStats(&memory)
			check(output.Encode(message{Allocations: &memory.Mallocs}))
			continue
		}
		connection, err := api.NewPeerConnection(webrtc.Configuration{})
		check(err)
		if request.Request == "publish" {
			connection.OnTrack(func(remote *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
				for {
					packet, _, err := remote.ReadRTP()
					if err != nil {
						return
					}
					_ = track.WriteRTP(packet) // a subscriber that is not connected yet is no error
				}
			})
		} else {
			sender, err := connection.AddTrack(track)
			check(err)
			go func() {
				// Interceptors, such as the one that answers NACK, work only while somebody reads.
				buffer := make([]byte, 1500)
				for {
					if _, _, err := sender.Read(buffer); err != nil {
						return
					}
				}
			}()
		}
		check(connection.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: request.SDP}))
		answer, err := connection.CreateAnswer(nil)
		check(err)
		gathered := webrtc.GatheringCompletePromise(connection)
		check(connection.SetLocalDescription(answer))
		<-gathered
		check(output.Encode(message{SDP: connection.LocalDescription().SDP}))
	}
}
