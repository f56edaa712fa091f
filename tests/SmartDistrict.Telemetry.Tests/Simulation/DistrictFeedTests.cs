using SmartDistrict.Telemetry.Mqtt;
using SmartDistrict.Testing;
using SmartDistrict.Testing.Simulation;
using SmartDistrict.Testing.Simulation.Faults;

namespace SmartDistrict.Telemetry.Tests.Simulation;

public sealed class DistrictFeedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_was_said_since_the_start_is_published_at_once_and_all_of_it_is_acknowledged()
    {
        await using var broker = await MosquittoBroker.StartNewAsync();
        await using var session = SimulateCommand.Session("127.0.0.1", broker.Port);
        session.Start();
        var start = TimeProvider.System.GetUtcNow().AddHours(-1);
        var options = new SimulationOptions { Start = start, Faults = FaultRates.Harsh, PeakPerMinute = 60 };
        using var feed = new DistrictFeed(SimulatedDistrict.Walked(Harbour.District, options), session, TimeProvider.System);

        Assert.True(await feed.RunAsync(most: 3_000, Patience, TestContext.Current.CancellationToken));

        // what the network held back comes on top
        Assert.InRange(feed.Published, 3_000, 3_200);
        Assert.Equal(feed.Published, feed.Acknowledged);
        Assert.True(feed.Ledger.Total().Entries > 500);
    }

    [Fact]
    public async Task Only_what_the_broker_acknowledged_is_certain()
    {
        var clock = new ManualTimeProvider(Harbour.Start.AddMinutes(10));
        await using var session = new HalfDeafBroker();
        using var feed = new DistrictFeed(Harbour.Live(11), session, clock);
        var acknowledged = new TruthLedger();
        session.Acknowledging = message => acknowledged.Acknowledged(session.Sent[message]);
        feed.OnPublishing = publication => session.Sent[publication.Topic + Convert.ToHexString(publication.Payload.Span)] = publication;

        // 900 are left without an answer at most: more would hold up the feed.
        var running = feed.RunAsync(most: 900, Patience, TestContext.Current.CancellationToken);
        clock.Advance(Patience);

        Assert.False(await running);
        Assert.InRange(feed.Acknowledged, 1, feed.Published - 1);
        Assert.Equal(acknowledged.Expected().OrderBy(l => l.Key), feed.Ledger.Expected().OrderBy(l => l.Key));
    }

    /// <summary>Acknowledges every other message and never answers to the rest.</summary>
    private sealed class HalfDeafBroker : IMqttSession
    {
        private int count;

        public Dictionary<string, Publication> Sent { get; } = [];

        public Action<string> Acknowledging { get; set; } = _ => { };

        public MqttSessionState State => new(true, false, null);

        public ValueTask PublishAsync(MqttMessage message, CancellationToken cancellation)
        {
            if (count++ % 2 == 0)
                return new ValueTask(new TaskCompletionSource().Task);
            Acknowledging(message.Topic + Convert.ToHexString(message.Payload.Span));
            return ValueTask.CompletedTask;
        }

        public void Start()
        {
        }

        public Task SubscribeAsync(IReadOnlyList<MqttSubscription> subscriptions, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<MqttDeliveries> ReceiveAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public bool TryReceive(TimeSpan wait, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MqttDeliveries? deliveries) => throw new NotSupportedException();

        public void Acknowledge(params ReadOnlySpan<MqttDeliveries> deliveries) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
