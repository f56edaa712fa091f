using System.Text;
using SmartDistrict.Configuration;

namespace SmartDistrict.Testing.Simulation.Devices;

/// <summary>
/// A counter that publishes as its real model does. Fed with crossings and ticks in the order of time; what it wants to
/// publish it adds to <see cref="Out"/>.
/// </summary>
public abstract class SimulatedDevice
{
    protected SimulatedDevice(DeviceEntry entry, IReadOnlyList<Channel> channels)
    {
        Entry = entry;
        Channels = channels;
    }

    public DeviceEntry Entry { get; }

    public IReadOnlyList<Channel> Channels { get; }

    /// <summary>Published since somebody last looked; the owner takes and clears it.</summary>
    public List<Publication> Out { get; } = [];

    /// <summary>Whether it reports every crossing by itself and at once.</summary>
    public virtual bool Immediate => false;

    /// <summary>Whether the device is connected; before, it only counts.</summary>
    public bool Live { get; private set; }

    /// <summary>When it next wants to be ticked, ms since the Unix epoch.</summary>
    public long NextTick { get; protected set; } = long.MaxValue;

    /// <summary>The device connects: from now on it publishes.</summary>
    /// <param name="at">Now, ms since the Unix epoch.</param>
    /// <param name="history">What it counted before, oldest first, if it keeps a history; empty otherwise.</param>
    public virtual void Connect(long at, IReadOnlyList<PastCount> history) => Live = true;

    /// <summary>A person crosses one of the device's lines.</summary>
    public abstract void Cross(Channel channel, long at, bool entry);

    /// <summary>The time announced by <see cref="NextTick"/> has come.</summary>
    public virtual void Tick(long at) => NextTick = long.MaxValue;

    /// <summary>Power fails for a moment. Totals are kept where the real device keeps them.</summary>
    public virtual void Reboot(long at)
    {
    }

    /// <summary>Somebody resets the totals: what was not reported before is lost.</summary>
    public virtual void Reset(long at)
    {
    }

    /// <summary>The radio or network loses what is sent until <paramref name="until"/>; some models send it again later.</summary>
    public virtual void LoseNetwork(long at, long until)
    {
    }

    protected void Publish(string topic, string json, long at, params Sample[] samples) =>
        Out.Add(new Publication(Entry.Id, topic, Encoding.UTF8.GetBytes(json), at, samples));

    protected int IndexOf(Channel channel)
    {
        for (var i = 0; i < Channels.Count; i++)
            if (ReferenceEquals(Channels[i], channel))
                return i;
        throw new ArgumentException($"{Entry.Id} has no channel {channel.Name}", nameof(channel));
    }

    /// <summary>The line's direction as the sensor sees it, or the sensor's as the line sees it.</summary>
    protected bool Seen(bool entry) => entry != Entry.Reversed;

    /// <summary>The next multiple of a period, shifted by a phase, strictly after an instant.</summary>
    protected static long After(long at, long period, long phase = 0) => (at - phase) / period * period + period + phase;
}

/// <summary>What a device calls one of its lines.</summary>
/// <param name="Name">The channel.</param>
/// <param name="Line">Index of the line in the district.</param>
/// <param name="LineId">Site id of the line.</param>
/// <param name="OneWay">The device counts people, not directions: everyone is an entry.</param>
public sealed record Channel(string Name, int Line, string LineId, bool OneWay);

/// <summary>A count of one channel over [<paramref name="Since"/>, <paramref name="Until"/>), ms since the Unix epoch.</summary>
public readonly record struct PastCount(Channel Channel, long Since, long Until, long Entries, long Exits);
