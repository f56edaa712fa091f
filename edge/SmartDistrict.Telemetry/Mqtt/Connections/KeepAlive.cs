namespace SmartDistrict.Telemetry.Mqtt.Connections;

/// <summary>
/// Sends PINGREQ when nothing went out or came in for half the keep-alive, and ends a connection over which nothing
/// came, or nothing could be sent, for 1.5 times the keep-alive (MQTT 5 section 3.1.2.10).
/// </summary>
internal sealed class KeepAlive : IDisposable
{
    private readonly MqttConnection connection;
    private readonly TimeSpan interval;
    private readonly TimeProvider time;
    private readonly ITimer timer;

    public KeepAlive(MqttConnection connection, TimeSpan interval, TimeProvider time)
    {
        this.connection = connection;
        this.interval = interval;
        this.time = time;
        timer = time.CreateTimer(static self => ((KeepAlive)self!).Tick(), this, interval / 4, interval / 4);
    }

    public void Dispose() => timer.Dispose();

    private void Tick()
    {
        var dead = interval * 1.5;
        if (connection.SendingSince is > 0 and var since && time.GetElapsedTime(since) >= dead)
            connection.Abort($"the broker took nothing from us for {dead.TotalSeconds:0.#} s (1.5 times the keep-alive)");
        else if (!connection.IsHeldBack && time.GetElapsedTime(connection.LastReceived) >= dead)
            connection.Abort($"nothing came from the broker for {dead.TotalSeconds:0.#} s (1.5 times the keep-alive)");
        else if (time.GetElapsedTime(connection.LastSent) >= interval / 2 || time.GetElapsedTime(connection.LastReceived) >= interval / 2)
            connection.Ping();
    }
}
