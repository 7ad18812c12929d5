// SPDX-License-Identifier: Apache-2.0

// Pion as a peer of the interoperability test. Requests come as lines of JSON on standard input
// ({"id", "do", …}); answers ({"id", "result"} or {"id", "error"}) and events ({"event", …}) go out as lines.
// It has no codecs: encoded frames come with `write`, and received ones go out as events.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"

	"github.com/pion/dtls/v2"
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/rtp/codecs"
	"github.com/pion/webrtc"
)

// Section is what the harness asks for: see interop/media/section.py.
type Section struct {
	Codec     string `json:"codec"`
	Direction string `json:"direction"`
	Kind      string `json:"kind"`
	Sends     bool   `json:"sends"`
}

// Request has the members of all requests.
type Request struct {
	ID         int       `json:"id"`
	Do         string    `json:"do"`
	Connection int       `json:"connection"`
	Index      int       `json:"index"`
	SDP        string    `json:"sdp"`
	Sections   []Section `json:"sections"`
	Label      string    `json:"label"`
	Text       string    `json:"text"`
	Data       []byte    `json:"data"`
	Duration   float64   `json:"duration"`
	Profile    string    `json:"profile"`
	On         bool      `json:"on"`
}

type section struct {
	Section
	transceiver *webrtc.RTPTransceiver
	track       *webrtc.TrackLocalStaticRTP
	packetizer  rtp.Packetizer
	remote      *webrtc.TrackRemote
}

type connection struct {
	number   int
	pc       *webrtc.PeerConnection
	mutex    sync.Mutex
	sections []*section
	channels map[string]*webrtc.DataChannel
	restart  bool
}

var (
	output      sync.Mutex
	connections = map[int]*connection{}
	made        int
)

func emit(value interface{}) {
	text, err := json.Marshal(value)
	if err != nil {
		text = []byte(fmt.Sprintf(`{"event":"fault","text":%q}`, err.Error()))
	}
	output.Lock()
	defer output.Unlock()
	os.Stdout.Write(append(text, '\n'))
}

type fields = map[string]interface{}

var parameters = map[string]webrtc.RTPCodecParameters{
	"opus": codec(webrtc.MimeTypeOpus, 48000, 2, "minptime=10;useinbandfec=1", 111, nil),
	"G722": codec(webrtc.MimeTypeG722, 8000, 0, "", 9, nil),
	"PCMU": codec(webrtc.MimeTypePCMU, 8000, 0, "", 0, nil),
	"VP8":  codec(webrtc.MimeTypeVP8, 90000, 0, "", 96, videoFeedback),
	"H264": codec(webrtc.MimeTypeH264, 90000, 0,
		"level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", 102, videoFeedback),
	"telephone-event": codec("audio/telephone-event", 48000, 0, "0-16", 110, nil),
}

var videoFeedback = []webrtc.RTCPFeedback{{Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"}}

func codec(mime string, rate uint32, channels uint16, line string, payload webrtc.PayloadType, feedback []webrtc.RTCPFeedback) webrtc.RTPCodecParameters {
	return webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: mime, ClockRate: rate, Channels: channels, SDPFmtpLine: line, RTCPFeedback: feedback,
		},
		PayloadType: payload,
	}
}

func connect(number int, profile string) (*connection, error) {
	engine := &webrtc.MediaEngine{}
	for name, parameter := range parameters {
		kind := webrtc.RTPCodecTypeAudio
		if name == "VP8" || name == "H264" {
			kind = webrtc.RTPCodecTypeVideo
		}
		if err := engine.RegisterCodec(parameter, kind); err != nil {
			return nil, err
		}
	}
	registry := &interceptor.Registry{}
	if err := webrtc.RegisterDefaultInterceptors(engine, registry); err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	settings.SetIPFilter(func(address net.IP) bool { return address.IsLoopback() })
	switch profile {
	case "":
	case "SRTP_AEAD_AES_128_GCM":
		settings.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM)
	case "SRTP_AES128_CM_SHA1_80":
		settings.SetSRTPProtectionProfiles(dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	default:
		return nil, errors.New("unknown profile " + profile)
	}
	api := webrtc.NewAPI(
		webrtc.WithMediaEngine(engine), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings))
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	c := &connection{number: number, pc: pc, channels: map[string]*webrtc.DataChannel{}}
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		emit(fields{"event": "state", "connection": number, "state": state.String()})
	})
	pc.OnDataChannel(c.channel)
	pc.OnTrack(c.received)
	return c, nil
}

func (c *connection) channel(channel *webrtc.DataChannel) {
	c.mutex.Lock()
	c.channels[channel.Label()] = channel
	c.mutex.Unlock()
	event := func(name string, text string) {
		emit(fields{"event": name, "connection": c.number, "label": channel.Label(), "text": text})
	}
	channel.OnOpen(func() { event("open", "") })
	channel.OnClose(func() { event("close", "") })
	channel.OnMessage(func(message webrtc.DataChannelMessage) { event("message", string(message.Data)) })
}

// attach makes what the peer sends in a section.
func (c *connection) attach(s *section) error {
	made++
	name := fmt.Sprintf("%s-%d", s.Kind, made) // two tracks of one name would be one
	capability := parameters[s.Codec].RTPCodecCapability
	track, err := webrtc.NewTrackLocalStaticRTP(capability, name, name)
	s.track = track
	if s.packetizer == nil {
		// One for all tracks of the section. Those of TrackLocalStaticSample begin each at a random number under the same
		// source; where that is less than before, SRTP takes the packets for replayed ones.
		s.packetizer = rtp.NewPacketizer(1188, 0, 0, payloader(s.Codec), rtp.NewRandomSequencer(), capability.ClockRate)
	}
	return err
}

func payloader(codec string) rtp.Payloader {
	switch codec {
	case "VP8":
		return &codecs.VP8Payloader{EnablePictureID: true}
	case "H264":
		return &codecs.H264Payloader{}
	case "G722":
		return &codecs.G722Payloader{}
	case "PCMU":
		return &codecs.G711Payloader{}
	default:
		return &codecs.OpusPayloader{}
	}
}

// write sends one frame that lasts so many seconds.
func (s *section) write(data []byte, seconds float64) error {
	samples := uint32(seconds*float64(parameters[s.Codec].ClockRate) + 0.5)
	for _, packet := range s.packetizer.Packetize(data, samples) {
		if err := s.track.WriteRTP(packet); err != nil {
			return err
		}
	}
	return nil
}

func (c *connection) prefer(s *section) error {
	preferred := []webrtc.RTPCodecParameters{parameters[s.Codec]}
	if s.Codec == "opus" {
		preferred = append(preferred, parameters["telephone-event"])
	}
	return s.transceiver.SetCodecPreferences(preferred)
}

func (c *connection) keep(s *section) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	index := len(c.sections)
	c.sections = append(c.sections, s)
	if s.Sends {
		go c.feedback(index, s.transceiver.Sender())
	}
}

func (c *connection) feedback(index int, sender *webrtc.RTPSender) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				emit(fields{"event": "keyframe", "connection": c.number, "index": index})
			}
		}
	}
}

func (c *connection) add(wanted Section) error {
	s := &section{Section: wanted}
	init := webrtc.RTPTransceiverInit{Direction: webrtc.NewRTPTransceiverDirection(wanted.Direction)}
	var err error
	if wanted.Sends {
		if err = c.attach(s); err != nil {
			return err
		}
		s.transceiver, err = c.pc.AddTransceiverFromTrack(s.track, init)
	} else {
		s.transceiver, err = c.pc.AddTransceiverFromKind(webrtc.NewRTPCodecType(wanted.Kind), init)
	}
	if err != nil {
		return err
	}
	if err = c.prefer(s); err != nil {
		return err
	}
	c.keep(s)
	return nil
}

func (c *connection) answer(sdp string, wanted []Section) (string, error) {
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: sdp}); err != nil {
		return "", err
	}
	fresh := []*webrtc.RTPTransceiver{}
	for _, transceiver := range c.pc.GetTransceivers() {
		known := false
		for _, s := range c.sections {
			known = known || s.transceiver == transceiver
		}
		if !known {
			fresh = append(fresh, transceiver)
		}
	}
	if len(fresh) != len(wanted) {
		return "", fmt.Errorf("the offer has %d new media sections, not %d", len(fresh), len(wanted))
	}
	for i, one := range wanted {
		// No preferences: they would replace the payload types of the offer, which names one codec anyway.
		s := &section{Section: one, transceiver: fresh[i]}
		if one.Sends {
			if err := c.attach(s); err != nil {
				return "", err
			}
			sender, err := c.pc.AddTrack(s.track)
			if err != nil {
				return "", err
			}
			if sender != s.transceiver.Sender() {
				return "", errors.New("the track went into another section")
			}
		}
		c.keep(s)
	}
	answer, err := c.pc.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	return c.local(answer)
}

func (c *connection) local(description webrtc.SessionDescription) (string, error) {
	gathered := webrtc.GatheringCompletePromise(c.pc)
	if err := c.pc.SetLocalDescription(description); err != nil {
		return "", err
	}
	<-gathered
	return c.pc.LocalDescription().SDP, nil
}

func (c *connection) received(remote *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	index := -1
	c.mutex.Lock()
	for i, s := range c.sections {
		if s.transceiver.Receiver() == receiver {
			index = i
			s.remote = remote
		}
	}
	c.mutex.Unlock()
	var depacketizer rtp.Depacketizer
	switch strings.ToLower(remote.Codec().MimeType) {
	case "video/vp8":
		depacketizer = &codecs.VP8Packet{}
	case "video/h264":
		depacketizer = &codecs.H264Packet{}
	}
	frame := func(data []byte, name string) {
		emit(fields{"event": "frame", "connection": c.number, "index": index, "codec": name, "data": data})
	}
	// Packets come in order on loopback; pion's sample builder would stumble over those that only pad.
	var picture []byte
	var last uint16
	whole, begun := true, false
	for {
		packet, _, err := remote.ReadRTP()
		if err != nil {
			return
		}
		if depacketizer == nil {
			if packet.PayloadType == uint8(parameters["telephone-event"].PayloadType) {
				emit(fields{"event": "telephone", "connection": c.number, "index": index, "data": packet.Payload, "timestamp": packet.Timestamp})
			} else if name := remote.Codec().MimeType; len(packet.Payload) > 0 {
				if name == "" && packet.PayloadType == 0 { // which Pion takes for an unknown one
					name = webrtc.MimeTypePCMU
				}
				frame(packet.Payload, name)
			}
			continue
		}
		if begun && packet.SequenceNumber != last+1 {
			whole = false
			c.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(remote.SSRC())}})
		}
		last, begun = packet.SequenceNumber, true
		if len(packet.Payload) == 0 {
			continue
		}
		part, err := depacketizer.Unmarshal(packet.Payload)
		whole = whole && err == nil
		picture = append(picture, part...)
		if packet.Marker {
			if whole && len(picture) > 0 {
				frame(picture, remote.Codec().MimeType)
			}
			picture, whole = nil, true
		}
	}
}

func do(request Request) (interface{}, error) {
	if request.Do == "connection" {
		c, err := connect(request.Connection, request.Profile)
		connections[request.Connection] = c
		return nil, err
	}
	c := connections[request.Connection]
	if c == nil {
		return nil, errors.New("no such connection")
	}
	var s *section
	if request.Index < len(c.sections) {
		s = c.sections[request.Index]
	}
	switch request.Do {
	case "add":
		for _, wanted := range request.Sections {
			if err := c.add(wanted); err != nil {
				return nil, err
			}
		}
		return nil, nil
	case "offer":
		offer, err := c.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: c.restart})
		if err != nil {
			return nil, err
		}
		c.restart = false
		return c.local(offer)
	case "accept":
		return nil, c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: request.SDP})
	case "answer":
		return c.answer(request.SDP, request.Sections)
	case "mid":
		return s.transceiver.Mid(), nil
	case "channel":
		channel, err := c.pc.CreateDataChannel(request.Label, nil)
		if err == nil {
			c.channel(channel)
		}
		return nil, err
	case "send":
		return nil, c.channels[request.Label].SendText(request.Text)
	case "write":
		return nil, s.write(request.Data, request.Duration)
	case "replace":
		if !request.On {
			return nil, s.transceiver.Sender().ReplaceTrack(nil)
		}
		if err := c.attach(s); err != nil {
			return nil, err
		}
		return nil, s.transceiver.Sender().ReplaceTrack(s.track)
	case "remove":
		return nil, s.transceiver.Stop()
	case "keyframe":
		return nil, c.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(s.remote.SSRC())}})
	case "restart":
		c.restart = true
		return nil, nil
	case "descriptions":
		return []string{c.pc.LocalDescription().SDP, c.pc.RemoteDescription().SDP}, nil
	case "close":
		delete(connections, request.Connection)
		return nil, c.pc.Close()
	}
	return nil, errors.New("unknown request " + request.Do)
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var request Request
		if err := json.Unmarshal(lines.Bytes(), &request); err != nil {
			emit(fields{"event": "fault", "text": err.Error()})
			continue
		}
		result, err := do(request)
		switch {
		case request.ID == 0:
		case err != nil:
			emit(fields{"id": request.ID, "error": err.Error()})
		default:
			emit(fields{"id": request.ID, "result": result})
		}
	}
}
