using System.Buffers.Binary;

namespace SmartDistrict.Testing.Chaos;

/// <summary>
/// Stands on the cable between broker and gateway and writes down which readings the gateway has acknowledged: a PUBACK
/// of success for a PUBLISH that went by on the same connection. It believes neither of the two about anything else.
/// </summary>
public sealed class PubackWitness(ReadingLedger ledger)
{
    private const int Connect = 1;
    private const int Connack = 2;
    private const int Publish = 3;
    private const int Puback = 4;
    private const int Suback = 9;
    private const int FirstFailure = 0x80;

    private readonly ReadingLedger ledger = ledger;
    private Conversation? newest;

    /// <summary>Which life of the gateway this is; noted with each reading that is acknowledged in it.</summary>
    public int Life { get; private set; }

    /// <summary>Readings that went to the gateway on its newest connection and are not acknowledged yet.</summary>
    public int InFlight => newest?.InFlight ?? 0;

    /// <summary>Acknowledgements since the start, those of readings delivered again included.</summary>
    public long Acknowledgements { get; private set; }

    /// <summary>Readings delivered to the gateway, again or for the first time.</summary>
    public long Deliveries { get; private set; }

    /// <summary>Whether the gateway has connected in this life.</summary>
    public bool Connected { get; private set; }

    /// <summary>Whether the broker has, in this life, accepted the gateway's subscriptions or resumed its session.</summary>
    public bool Ready { get; private set; }

    /// <summary>Whether the broker keeps for the gateway what its devices say: from its first subscription on.</summary>
    public bool Subscribed { get; private set; }

    /// <summary>The first breach of the protocol that the gateway was seen to make; null while there is none.</summary>
    public string? Fault { get; private set; }

    /// <summary>The gateway is about to start.</summary>
    public void Begin()
    {
        Life++;
        Connected = false;
        Ready = false;
    }

    public RelayTap Listen()
    {
        var conversation = newest = new Conversation(this);
        return new(new PacketCutter(conversation.FromGateway).Take, new PacketCutter(conversation.FromBroker).Take);
    }

    private sealed class Conversation(PubackWitness witness)
    {
        private readonly Dictionary<ushort, NumberedReading?> underway = [];
        private bool version5;

        public int InFlight
        {
            get
            {
                lock (underway)
                    return underway.Count;
            }
        }

        public void FromGateway(byte first, ReadOnlyMemory<byte> body)
        {
            if (first >> 4 == Connect)
            {
                version5 = body.Span[6] == 5;
                witness.Connected = true;
            }
            if (first >> 4 != Puback || (body.Length > 2 && body.Span[2] >= FirstFailure))
                return;
            NumberedReading? reading;
            lock (underway)
                if (!underway.Remove(BinaryPrimitives.ReadUInt16BigEndian(body.Span), out reading))
                    witness.Fault ??= $"in life {witness.Life} the gateway acknowledged packet {BinaryPrimitives.ReadUInt16BigEndian(body.Span)}, which was not under way";
            if (reading is null)
                return;
            witness.Acknowledgements++;
            witness.ledger.Acknowledge(reading, witness.Life);
        }

        public void FromBroker(byte first, ReadOnlyMemory<byte> body)
        {
            if (first >> 4 == Suback)
                witness.Ready = witness.Subscribed = true;
            // the lowest bit says that the broker has kept the session, its subscriptions included (MQTT 5.0 section 3.2.2.1.1)
            if (first >> 4 == Connack && (body.Span[0] & 1) == 1)
                witness.Ready = true;
            var qos = (first >> 1) & 3;
            if (first >> 4 != Publish || qos == 0)
                return;
            var rest = body.Span[(2 + BinaryPrimitives.ReadUInt16BigEndian(body.Span))..];
            var identifier = BinaryPrimitives.ReadUInt16BigEndian(rest);
            rest = rest[2..];
            if (version5)
                rest = WithoutProperties(rest);
            var reading = witness.ledger.Find(rest);
            if (reading is not null)
                witness.Deliveries++;
            lock (underway)
                underway[identifier] = reading;
        }

        private static ReadOnlySpan<byte> WithoutProperties(ReadOnlySpan<byte> from)
        {
            int length = 0, at = 0;
            for (var shift = 0; ; shift += 7)
            {
                length |= (from[at] & 0x7f) << shift;
                if (from[at++] < 0x80)
                    return from[(at + length)..];
            }
        }
    }
}
