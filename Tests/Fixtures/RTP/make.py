#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the other files here: frames as FFmpeg encodes them, and the RTP payloads that it sends them in.

Each line of a .txt file is `frame <hex>`, or after the frame `packet <marker> <hex>` with the payload alone.
"""

import pathlib
import socket
import struct
import subprocess

HERE = pathlib.Path(__file__).parent
SOURCE = ["-f", "lavfi", "-i", "testsrc2=size={size}:rate=5,noise=alls=20:allf=t", "-frames:v", "4"]
X264 = ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "2", "-x264-params"]


def ffmpeg(*arguments: str) -> bytes:
    return subprocess.run(["ffmpeg", "-v", "error", *arguments], stdout=subprocess.PIPE, check=True).stdout


def source(size: str) -> list[str]:
    return [part.format(size=size) for part in SOURCE]


def packets(encoded: pathlib.Path) -> list[tuple[int, bool, bytes]]:
    """The timestamp, marker and payload of each packet in which FFmpeg sends a file."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(1)
        url = f"rtp://127.0.0.1:{receiver.getsockname()[1]}?pkt_size=400"
        ffmpeg("-re", "-i", str(encoded), "-c", "copy", "-f", "rtp", "-sdp_file", "/dev/null", url)
        found = []
        try:
            while True:
                packet = receiver.recv(2_048)
                first, second, _, timestamp = struct.unpack_from(">BBHI", packet)
                assert first == 0x80
                found.append((timestamp, bool(second & 0x80), packet[12:]))
        except TimeoutError:
            return found


def write(name: str, frames: list[bytes], sent: list[tuple[int, bool, bytes]]) -> None:
    timestamps = sorted({timestamp for timestamp, _, _ in sent})
    assert len(timestamps) == len(frames), (len(timestamps), len(frames))
    with (HERE / f"{name}.txt").open("w") as file:
        for timestamp, frame in zip(timestamps, frames, strict=True):
            print("frame", frame.hex(), file=file)
            for when, marker, payload in sent:
                if when == timestamp:
                    print("packet", int(marker), payload.hex(), file=file)


def ivf_frames(data: bytes) -> list[bytes]:
    frames, offset = [], 32
    while offset < len(data):
        (size,) = struct.unpack_from("<I", data, offset)
        frames.append(data[offset + 12 : offset + 12 + size])
        offset += 12 + size
    return frames


def main() -> None:
    ivf, h264 = HERE / "vp8.ivf", HERE / "x.h264"
    ffmpeg(*source("64x48"), "-c:v", "libvpx", "-b:v", "100k", "-g", "2", "-y", str(ivf))
    write("ffmpeg-vp8", ivf_frames(ivf.read_bytes()), packets(ivf))
    options = "slices=2:repeat-headers=1:aud=0:annexb=1"
    ffmpeg(*source("64x48"), *X264, options, "-profile:v", "baseline", "-y", str(h264))
    units = h264.read_bytes().replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1")[1:]
    frames, pictures = [b""], 0
    for unit in units:
        # Two slices make a picture.
        if pictures == 2:
            frames.append(b"")
            pictures = 0
        pictures += unit[0] & 31 in (1, 5)
        frames[-1] += b"\0\0\0\1" + unit
    write("ffmpeg-h264", frames, packets(h264))
    with (HERE / "x264-parameter-sets.txt").open("w") as file:
        for size, pixels, extra in [
            ("64x48", "yuv420p", []),
            ("1920x1080", "yuv420p", ["-profile:v", "high"]),
            ("1920x1080", "yuv420p", ["-flags", "+ildct+ilme"]),
            ("130x98", "yuv422p", []),
            ("130x98", "yuv444p", ["-x264-params", "cqm=jvt"]),
            ("176x144", "yuv420p", ["-x264-params", "cqm=jvt:bframes=3:b-pyramid=normal"]),
            ("176x144", "gray", ["-profile:v", "high"]),
            ("4096x2304", "yuv420p10le", []),
        ]:
            made = ffmpeg(*source(size), "-pix_fmt", pixels, "-c:v", "libx264", *extra, "-frames:v", "1", "-f", "h264", "-")
            sets = [u for u in made.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if u[:1] and u[0] & 31 == 7]
            print(size, sets[0].hex(), file=file)
    ivf.unlink()
    h264.unlink()


if __name__ == "__main__":
    main()
