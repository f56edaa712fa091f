using Microsoft.Extensions.Logging;
using SmartDistrict.Edge.Clock;

namespace SmartDistrict.Edge.Drivers.Gpio;

/// <summary>The input lines of one device: takes them into use, journals their edges, and tries again when the chip is away.</summary>
/// <remarks>One thread for each device: one whose chip is away holds no other up.</remarks>
internal sealed partial class GpioInput(string device, GpioInputRequest request, IReadOnlyList<string> roles, IGpioLines lines, TimeSpan retry, ILogger log)
{
    /// <summary>So often the chip is looked at while no edge comes.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private const int MostAttempts = 8;

    private readonly byte[] topic = GpioEnvelope.Topic(device);
    private readonly LineTrack[] tracks = new LineTrack[roles.Count];
    private readonly GpioLineEdge[] buffer = new GpioLineEdge[64];
    private readonly List<GpioEdge> ready = [];
    private long settled;
    private long edges;
    private long lost;

    public string Device => device;

    /// <summary>Each line's role and its newest level; a moment old while edges come.</summary>
    public IEnumerable<(string Role, int Level)> Levels => roles.Select((role, line) => (role, tracks[line].Level));

    /// <summary>Why its lines cannot be used now; null while they can.</summary>
    public string? Fault { get; private set; } = "not in use yet";

    /// <summary>Edges journaled since the start.</summary>
    public long Edges => Volatile.Read(ref edges);

    /// <summary>Edges known to be lost since the start, at least.</summary>
    public long Lost => Volatile.Read(ref lost);

    /// <summary>Works until it is cancelled.</summary>
    public void Run(Intake intake, CancellationToken cancellation)
    {
        var cause = "gateway started";
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using var inputs = lines.Watch(request);
                using var interrupt = cancellation.Register(inputs.Interrupt);
                Start(intake, inputs, cause);
                while (!cancellation.IsCancellationRequested)
                    if (inputs.Read(buffer, Idle) is var count and > 0)
                        Take(intake, buffer.AsSpan(0, count));
            }
            catch (GpioException e)
            {
                if (Fault != e.Message)
                {
                    Fault = e.Message;
                    LogFault(device, e.Message);
                    Note(intake, new GpioNotice.Gone(e.Message, intake.Now().MonotonicNanoseconds));
                }
                cause = "usable again";
                cancellation.WaitHandle.WaitOne(retry);
            }
        }
    }

    /// <summary>Notes the levels at an instant before which every edge is in them, and after which every edge will be told.</summary>
    private void Start(Intake intake, IGpioInputs inputs, string cause)
    {
        var levels = new int[roles.Count];
        var newest = new uint[roles.Count];
        var attempts = 0;
        ReceiveStamp stamp;
        int came;
        do
        {
            stamp = intake.Now();
            inputs.ReadLevels(levels);
            // an edge during the reading may be in the levels or not: read again
            came = inputs.Read(buffer, TimeSpan.Zero);
            foreach (var edge in buffer.AsSpan(0, came))
                newest[edge.Line] = edge.Sequence;
        }
        while (came > 0 && ++attempts < MostAttempts);
        settled = intake.Now().MonotonicNanoseconds;
        for (var i = 0; i < tracks.Length; i++)
            tracks[i].Start(levels[i], newest[i]);
        intake.Take(stamp, topic, GpioEnvelope.Write(new GpioNotice.Start(cause, roles.Zip(levels).ToDictionary(pair => pair.First, pair => pair.Second), stamp.MonotonicNanoseconds)));
        intake.Flush();
        Fault = null;
        LogStart(device, cause);
    }

    private void Take(Intake intake, Span<GpioLineEdge> came)
    {
        // each line has an interrupt of its own, so the queue's order is nearly that of the times
        came.Sort(static (one, other) => (one.Time, one.Line, one.Sequence).CompareTo((other.Time, other.Line, other.Sequence)));
        var stamp = intake.Now();
        foreach (var edge in came)
        {
            ref var track = ref tracks[edge.Line];
            if (edge.Time <= settled && edge.Level == track.Level)
            {
                // it came while the first levels were read, and is in them
                track.Start(edge.Level, edge.Sequence);
                continue;
            }
            if (track.Take(edge.Sequence, edge.Level) is var missing and > 0)
                Miss(intake, stamp, edge, missing);
            ready.Add(new GpioEdge(roles[edge.Line], edge.Level, edge.Time, edge.Sequence));
        }
        NoteReady(intake, stamp);
        intake.Flush();
    }

    private void Miss(Intake intake, in ReceiveStamp stamp, in GpioLineEdge edge, long missing)
    {
        NoteReady(intake, stamp);
        Volatile.Write(ref lost, lost + missing);
        LogLost(device, roles[edge.Line], missing);
        intake.Take(stamp, topic, GpioEnvelope.Write(new GpioNotice.Lost(new Dictionary<string, long> { [roles[edge.Line]] = missing }, edge.Time)));
    }

    private void NoteReady(Intake intake, in ReceiveStamp stamp)
    {
        if (ready.Count == 0)
            return;
        intake.Take(stamp, topic, GpioEnvelope.Write(new GpioNotice.Edges(ready)));
        Volatile.Write(ref edges, edges + ready.Count);
        ready.Clear();
    }

    private void Note(Intake intake, GpioNotice notice)
    {
        intake.Take(intake.Now(), topic, GpioEnvelope.Write(notice));
        intake.Flush();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "GPIO device {Device}: {Cause}; its edges are counted from here on")]
    private partial void LogStart(string device, string cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "GPIO device {Device} is not counted: {Fault}")]
    private partial void LogFault(string device, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "GPIO device {Device}, line {Line}: {Missing} edge(s) lost. Mend: raise its debounce time; if that does not help, look for a loose or disturbed wire")]
    private partial void LogLost(string device, string line, long missing);
}
