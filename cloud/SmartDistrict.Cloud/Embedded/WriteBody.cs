using System.Buffers;
using System.IO.Compression;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>The body of a write, read whole and unpacked, in pooled memory.</summary>
internal sealed class WriteBody : IDisposable
{
    /// <summary>The most that a write may hold when unpacked: as InfluxDB's default <c>max-body-size</c>, 25 MB.</summary>
    public const int MostBytes = 25_000_000;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int length;

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    /// <summary>Reads a body.</summary>
    /// <param name="encoding">Its <c>Content-Encoding</c>.</param>
    /// <returns>False where it is larger than <see cref="MostBytes"/>; then reading stopped there, whatever the packed size.</returns>
    /// <exception cref="InvalidDataException">It is said to be gzip and is not, or is cut short.</exception>
    public async Task<bool> ReadAsync(Stream body, string encoding, CancellationToken cancellation)
    {
        await using var unpacked = encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(body, CompressionMode.Decompress, leaveOpen: true)
            : null;
        var source = unpacked ?? body;
        while (true)
        {
            if (length == buffer.Length)
                Grow();
            var read = await source.ReadAsync(buffer.AsMemory(length), cancellation);
            if (read == 0)
                return true;
            length += read;
            if (length > MostBytes)
                return false;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        Bytes.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
