// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import RTC

/// The HTTP side of the demo: the page, and signaling as JSON.
struct DemoServer {
    /// The largest body that is accepted, in bytes.
    static let bodyBound = 256 * 1024

    let sessions: SessionTable

    func run(host: String, port: Int) async throws {
        let application = Application(
            router: self.router(),
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "swift-rtc"),
            onServerRunning: { channel in
                let bound = channel.localAddress?.port ?? port
                let name = host.contains(":") ? "[\(host)]" : host
                print("Listening on http://\(name):\(bound)/")
                // Whoever waits for this line may read it through a pipe.
                fflush(nil)
            })
        let outcome = await Self.firstOutcome { try await application.run() }
        await self.sessions.closeAll()
        try outcome.get()
    }

    /// Runs the server until it fails, or until SIGTERM or SIGINT asks for the end; requests that are under way then do
    /// not delay it.
    private static func firstOutcome(
        of server: @escaping @Sendable () async throws -> Void
    ) async -> Result<Void, any Error> {
        let (outcomes, continuation) = AsyncStream.makeStream(of: Result<Void, any Error>.self)
        let sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(.success(())) }
            source.resume()
            return source
        }
        let running = Task {
            do {
                try await server()
                continuation.yield(.success(()))
            } catch { continuation.yield(.failure(error)) }
        }
        defer {
            running.cancel()
            for source in sources { source.cancel() }
        }
        for await outcome in outcomes { return outcome }
        return .success(())
    }

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        let sessions = self.sessions
        router.add(middleware: JSONErrors())
        router.get("/") { _, _ in Self.file(PackageResources.index_html, "text/html") }
        router.get("/call.js") { _, _ in Self.file(PackageResources.call_js, "text/javascript") }
        router.post("/offer") { request, _ in
            let (offer, wishes) = try await Self.description(in: request, expected: .offer)
            return try Self.json(await sessions.answer(offer, wishes))
        }
        router.post("/session") { request, _ in
            let body = try await Self.body(of: request)
            return try Self.json(await sessions.offer(try Self.wishes(in: body)))
        }
        router.post("/session/:id/answer") { request, context in
            let id = try context.parameters.require("id")
            let (answer, _) = try await Self.description(in: request, expected: .answer)
            try await sessions.accept(answer, for: id)
            return Response(status: .noContent)
        }
        router.post("/session/:id/offer") { request, context in
            let id = try context.parameters.require("id")
            let (offer, _) = try await Self.description(in: request, expected: .offer)
            return try Self.json(await sessions.call(id).answer(offer))
        }
        router.post("/session/:id/control") { request, context in
            let id = try context.parameters.require("id")
            let body = try await Self.body(of: request)
            let call = try await sessions.call(id)
            guard let control = try? JSONDecoder().decode(CallControl.self, from: Data(body.readableBytesView)) else {
                throw HTTPFailure(.badRequest, "the body is no command; send JSON such as {\"do\": \"report\"}")
            }
            return try Self.json(await control.perform(on: call))
        }
        router.get("/sessions") { _, _ in try Self.json(await sessions.list()) }
        return router
    }

    private static func file(_ content: [UInt8], _ type: String) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "\(type); charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: content)))
    }

    private static func body(of request: Request) async throws -> ByteBuffer {
        do {
            return try await request.body.collect(upTo: Self.bodyBound)
        } catch {
            throw HTTPFailure(.contentTooLarge, "the body is larger than \(Self.bodyBound) bytes")
        }
    }

    /// What a body asks for beside its description; an empty one for nothing.
    private static func wishes(in body: ByteBuffer) throws -> CallWishes {
        guard body.readableBytes > 0 else { return CallWishes() }
        do {
            return try JSONDecoder().decode(CallWishes.self, from: Data(body.readableBytesView))
        } catch let failure as HTTPFailure {
            throw failure
        } catch {
            throw HTTPFailure(
                .badRequest, "the body asks for media in a way that is not understood; leave it empty, or send {}")
        }
    }

    private static func description(
        in request: Request, expected: RTCSdpType
    ) async throws -> (RTCSessionDescription, CallWishes) {
        let body = try await Self.body(of: request)
        let description: RTCSessionDescription
        do {
            description = try JSONDecoder().decode(RTCSessionDescription.self, from: Data(body.readableBytesView))
        } catch {
            throw HTTPFailure(
                .badRequest,
                "the body is no session description; send JSON such as {\"type\": \"\(expected.rawValue)\", \"sdp\": \"v=0…\"}"
            )
        }
        guard description.type == expected else {
            throw HTTPFailure(
                .badRequest, "\"type\" is \"\(description.type.rawValue)\"; expected \"\(expected.rawValue)\"")
        }
        return (description, try Self.wishes(in: body))
    }

    private static func json(_ value: some Encodable) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
    }
}

/// A failure that a client is told, with a status and a reason.
struct HTTPFailure: Error {
    let status: HTTPResponse.Status
    let reason: String

    init(_ status: HTTPResponse.Status, _ reason: String) {
        self.status = status
        self.reason = reason
    }
}

/// Turns each failure into `{"error": "…"}` with a fitting status.
private struct JSONErrors: RouterMiddleware {
    typealias Context = BasicRequestContext

    func handle(
        _ request: Request, context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let failure as HTTPFailure {
            return Self.response(failure.status, failure.reason)
        } catch let error as RTCError {
            return Self.response(.badRequest, error.description)
        } catch let error as HTTPError {
            return Self.response(error.status, error.body ?? error.status.reasonPhrase)
        }
    }

    private static func response(_ status: HTTPResponse.Status, _ reason: String) -> Response {
        let body = (try? JSONEncoder().encode(["error": reason])) ?? Data()
        return Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
