using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace SmartDistrict.Cloud.Embedded;

/// <summary>The body of a write, read whole and unpacked, in pooled memory.</summary>
internal sealed class WriteBody : IDisposable
{
    /// <summary>The most that a write may hold when unpacked: as InfluxDB's default <c>max-body-size</c>, 25 MB.</summary>
    public const int MostBytes = 25_000_000;

    private const int FirstBuffer = 64 * 1024;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int length;

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    /// <summary>Reads a body.</summary>
    /// <param name="encoding">Its <c>Content-Encoding</c>.</param>
    /// <returns>False where it is larger than <see cref="MostBytes"/>; then reading stopped there, whatever the packed size.</returns>
    /// <exception cref="InvalidDataException">It is said to be gzip and is not, or is cut short.</exception>
    public async Task<bool> ReadAsync(Stream body, string encoding, CancellationToken cancellation)
    {
        if (!await FillAsync(body, cancellation))
            return false;
        if (!encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase))
            return true;
        var (packed, packedLength) = (buffer, length);
        (buffer, length) = (ArrayPool<byte>.Shared.Rent(FirstBuffer), 0);
        try
        {
            await using var unpacked = new GZipStream(new MemoryStream(packed, 0, packedLength), CompressionMode.Decompress);
            if (!await FillAsync(unpacked, cancellation))
                return false;
            CheckLength(packed.AsSpan(0, packedLength));
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <summary>
    /// gzip ends with its unpacked length (RFC 1952 section 2.3.1). The unpacker takes a stream that was cut short for a
    /// whole one, and half a line may be a sound line with a wrong time.
    /// </summary>
    private void CheckLength(ReadOnlySpan<byte> packed)
    {
        if (packed.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(packed[^sizeof(uint)..]) != (uint)length)
            throw new InvalidDataException("it was cut short");
    }

    private async Task<bool> FillAsync(Stream source, CancellationToken cancellation)
    {
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
