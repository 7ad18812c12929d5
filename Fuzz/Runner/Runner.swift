// SPDX-License-Identifier: Apache-2.0

internal import RTCFuzzBodies

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The body that the environment names, looked up once; `_exit` keeps libFuzzer from calling a wrong name a crash.
private let body: FuzzBody = {
    let name = getenv("RTC_FUZZ_BODY").map { String(cString: $0) }
    if let body = FuzzBody.all.first(where: { $0.name == name }) { return body }
    print("RTC_FUZZ_BODY must name one of: \(FuzzBody.all.map(\.name).joined(separator: ", "))")
    fflush(nil)
    _exit(2)
}()

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    body.run(UnsafeRawBufferPointer(start: start, count: count).bytes)
    return 0
}
