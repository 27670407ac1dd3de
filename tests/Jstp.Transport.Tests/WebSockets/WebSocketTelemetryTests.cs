using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Jstp.Transport.WebSockets;

namespace Jstp.Transport.Tests.WebSockets;

/// <summary>The instruments and activities that <c>docs/websocket-server.md</c> names.</summary>
public sealed class WebSocketTelemetryTests
{
    [Fact]
    public async Task Meter_OfOneServer_CountsWhatHappens()
    {
        using var factory = new OneMeterFactory();
        await using var server = new WebSocketServer(meterFactory: factory) { OnRequest = AcceptOrRejectAsync };
        await using ServerHost host = await ServerHost.StartAsync(server: server);
        using var sums = new Sums(factory);

        using (RawPeer peer = await RawPeer.UpgradeAsync(host.Address))
        {
            await peer.SendAsync(Frames.Masked(Opcode.Text, "hello"));
            Assert.Equal("hello", await peer.ReadTextAsync());
            Task<TimeSpan> roundTrip = host.Connections[0].MeasureRoundTripAsync();
            (_, byte[] ping) = await peer.ReadFrameAsync();
            await peer.SendAsync(Frames.Masked(Opcode.Pong, ping));
            await roundTrip.Soon();
            await peer.SendAsync(Frames.MaskedClose(4000));
            await peer.ReadToEndAsync();
        }

        foreach ((string path, string extra) in ((string, string)[])[("/no", ""), ("/", "Sec-WebSocket-Extensions: ;;=\r\n")])
        {
            using RawPeer refused = await RawPeer.ConnectAsync(host.Address);
            await refused.SendAsync(RawPeer.Handshake(path).TrimEnd() + "\r\n" + extra + "\r\n");
            Assert.StartsWith("HTTP/1.1 4", await refused.ReadHeadAsync(), StringComparison.Ordinal);
        }

        await Eventually.TrueAsync(() => sums["jstp.websocket.connections.closed 4000"] == 1, "the end");
        Assert.Equal(1, sums["jstp.websocket.requests.accepted"]);
        Assert.Equal(1, sums["jstp.websocket.requests.rejected 403"]);
        await Eventually.TrueAsync(() => sums["jstp.websocket.requests.rejected 400"] == 1, "the refusal");
        Assert.Equal(0, sums["jstp.websocket.connections"]);
        Assert.Equal(0, sums["jstp.websocket.requests.pending"]);
        Assert.Equal(0, sums["jstp.websocket.backlog"]);
        Assert.Equal(1, sums.Count("jstp.websocket.ping.duration"));
        Assert.Equal(11 + 14 + 8, sums["jstp.websocket.bytes.received"]);
        Assert.Equal(7 + 10 + 4, sums["jstp.websocket.bytes.sent"]);
    }

    [Fact]
    public async Task ActivitySource_EveryHandshake_GivesOneActivityWithItsStatus()
    {
        var statuses = new ConcurrentBag<object?>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == WebSocketTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("jstp.websocket.subprotocol") is "telemetry-test")
                {
                    statuses.Add(activity.GetTagItem("http.response.status_code"));
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using ServerHost host = await ServerHost.StartAsync(async request => await request.AcceptAsync(request.RequestedProtocols[0]));

        using RawPeer peer = await RawPeer.UpgradeAsync(host.Address, "/", "Sec-WebSocket-Protocol: telemetry-test");

        await Eventually.TrueAsync(() => !statuses.IsEmpty, "the activity");
        Assert.Equal(101, Assert.Single(statuses));
    }

    private static async ValueTask AcceptOrRejectAsync(WebSocketRequest request)
    {
        if (request.Path == "/no")
        {
            await request.RejectAsync();
        }
        else
        {
            await ServerHost.EchoAsync(request);
        }
    }

    private sealed class OneMeterFactory : IMeterFactory
    {
        public Meter? Meter { get; private set; }

        public Meter Create(MeterOptions options) => Meter = new Meter(options);

        public void Dispose() => Meter?.Dispose();
    }

    /// <summary>What the instruments add up to, by name and tag.</summary>
    private sealed class Sums : IDisposable
    {
        private readonly ConcurrentDictionary<string, double> _sums = new();
        private readonly ConcurrentDictionary<string, int> _counts = new();
        private readonly MeterListener _listener = new();

        public Sums(OneMeterFactory factory)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == factory.Meter)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
        }

        public double this[string name] => _sums.GetValueOrDefault(name);

        public int Count(string name) => _counts.GetValueOrDefault(name);

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string name = tags.IsEmpty ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
            _sums.AddOrUpdate(name, value, (_, sum) => sum + value);
            _counts.AddOrUpdate(name, 1, (_, count) => count + 1);
        }
    }
}
