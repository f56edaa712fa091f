using System.Diagnostics;
using SmartDistrict.Telemetry.Mqtt;

namespace SmartDistrict.Testing.Simulation;

/// <summary>
/// Lets a district live in real time and publishes what its devices say, at QoS 1, many at a time. Only what the broker
/// acknowledged enters the truth.
/// </summary>
public sealed class DistrictFeed(SimulatedDistrict district, IMqttSession session, TimeProvider clock) : IDisposable
{
    private const int MostUnderway = 1_000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim underway = new(MostUnderway);
    private readonly Dictionary<string, long> garbage = [];
    private long published;
    private long acknowledged;
    private long refused;

    /// <summary>What the acknowledged messages let one know.</summary>
    public TruthLedger Ledger { get; } = new();

    /// <summary>Messages handed to the session, garbage and duplicates included.</summary>
    public long Published => Interlocked.Read(ref published);

    /// <summary>Messages that the broker acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref acknowledged);

    /// <summary>Messages that the broker refused: it took them, but not for anybody.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>Broken messages published, by kind.</summary>
    public IReadOnlyDictionary<string, long> Garbage => garbage;

    /// <summary>Called just before each message goes out, from one thread.</summary>
    public Action<Publication>? OnPublishing { get; set; }

    /// <summary>
    /// Runs until cancelled or until <paramref name="most"/> messages are out; then sends what the network held back and
    /// waits for the outstanding acknowledgements.
    /// </summary>
    /// <param name="most">Ends the run early.</param>
    /// <param name="patience">How long to wait for outstanding acknowledgements.</param>
    /// <param name="stop">Ends the run.</param>
    /// <returns>Whether every message was answered.</returns>
    public async Task<bool> RunAsync(long most, TimeSpan patience, CancellationToken stop)
    {
        while (true)
        {
            await PublishAsync(district.Advance(clock.GetUtcNow()), most, stop);
            if (stop.IsCancellationRequested || Published >= most)
                break;
            await Task.Delay(Step, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await PublishAsync(district.Flush(), long.MaxValue, CancellationToken.None);
        return await SettledAsync(patience);
    }

    public void Dispose() => underway.Dispose();

    private async Task PublishAsync(IEnumerable<Publication> publications, long most, CancellationToken stop)
    {
        foreach (var publication in publications)
        {
            await underway.WaitAsync(CancellationToken.None);
            OnPublishing?.Invoke(publication);
            if (publication.Garbage is { } kind)
                garbage[kind] = garbage.GetValueOrDefault(kind) + 1;
            _ = DeliverAsync(publication);
            if (Interlocked.Increment(ref published) >= most || stop.IsCancellationRequested)
                return;
        }
    }

    private async Task DeliverAsync(Publication publication)
    {
        try
        {
            await session.PublishAsync(new MqttMessage(publication.Topic, publication.Payload), CancellationToken.None);
            Ledger.Acknowledged(publication);
            Interlocked.Increment(ref acknowledged);
        }
        catch (MqttRefusedException refusal)
        {
            Interlocked.Increment(ref refused);
            Debug.WriteLine(refusal.Message);
        }
        finally
        {
            underway.Release();
        }
    }

    private async Task<bool> SettledAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience, clock);
        try
        {
            for (var i = 0; i < MostUnderway; i++)
                await underway.WaitAsync(limit.Token);
            underway.Release(MostUnderway);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
