using System.Collections;

namespace SmartDistrict.Telemetry.Mqtt.Connections;

/// <summary>The packet identifiers of what we send, 1 to 65,535, each in use at most once (MQTT 5 section 2.2.1).</summary>
internal sealed class PacketIdentifiers
{
    private readonly Lock gate = new();
    private readonly BitArray used = new(ushort.MaxValue + 1);
    private ushort last;

    /// <exception cref="InvalidOperationException">All are in use.</exception>
    public ushort Take()
    {
        lock (gate)
        {
            for (var tries = 0; tries < ushort.MaxValue; tries++)
            {
                last = last == ushort.MaxValue ? (ushort)1 : (ushort)(last + 1);
                if (used[last])
                    continue;
                used[last] = true;
                return last;
            }
        }
        throw new InvalidOperationException("All MQTT packet identifiers are in use.");
    }

    public void Return(ushort identifier)
    {
        lock (gate)
            used[identifier] = false;
    }
}
