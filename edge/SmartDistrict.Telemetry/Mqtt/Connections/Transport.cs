namespace SmartDistrict.Telemetry.Mqtt.Connections;

/// <summary>A byte stream with blocking calls: one thread reads, one at a time writes, any may abort.</summary>
internal abstract class Transport : IDisposable
{
    /// <returns>0 when the peer has closed its side.</returns>
    public abstract int Read(Span<byte> buffer);

    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Tells the peer that nothing more comes from us.</summary>
    public abstract void ShutdownSend();

    /// <summary>Ends both directions at once; a blocked call of another thread returns or throws.</summary>
    public abstract void Abort();

    public virtual void Dispose() => Abort();
}
