package org.slimquant.calibration;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slimquant.runtime.layer.GridOrigin;

/** The sums in a {@link StatisticsFile}. */
final class SumRecords {

  /** Writes one element of a list. */
  private interface Writer<T> {
    void write(T element) throws IOException;
  }

  /** Reads one element of a list. */
  private interface Reader<T> {
    T read() throws IOException;
  }

  /** Reads the number of entries that follow, each of which must have a given number of bytes. */
  interface Count {
    int of(String things, int bytesEach) throws IOException;
  }

  /** The smallest number of bytes of a sum. */
  static final int FEWEST_BYTES = Short.BYTES + 2 * Integer.BYTES + 2;

  private SumRecords() {}

  static void write(List<SumStatistics> sums, DataOutputStream out) throws IOException {
    writeAll(sums, out, sum -> write(sum, out));
  }

  private static void write(SumStatistics sum, DataOutputStream out) throws IOException {
    out.writeUTF(sum.bias());
    writeAll(sum.kernels(), out, out::writeUTF);
    out.writeBoolean(sum.input().isPresent());
    if (sum.input().isPresent()) {
      GridOrigin origin = sum.input().get();
      writeAll(origin.fracs(), out, out::writeInt);
      writeAll(origin.sites(), out, out::writeUTF);
      writeAll(origin.constants(), out, out::writeFloat);
    }
    writeAll(sum.magnitudes(), out, out::writeDouble);
    out.writeBoolean(sum.output().isPresent());
    if (sum.output().isPresent()) {
      out.writeUTF(sum.output().get());
    }
  }

  static SumStatistics read(DataInputStream in, Count count) throws IOException {
    String bias = in.readUTF();
    List<String> kernels = readAll(count.of("kernels", Short.BYTES), in::readUTF);
    Optional<GridOrigin> input =
        in.readBoolean() ? Optional.of(readOrigin(in, count)) : Optional.empty();
    List<Double> magnitudes = readAll(count.of("magnitudes", Double.BYTES), in::readDouble);
    return new SumStatistics(
        bias,
        kernels,
        input,
        magnitudes,
        in.readBoolean() ? Optional.of(in.readUTF()) : Optional.empty());
  }

  private static GridOrigin readOrigin(DataInputStream in, Count count) throws IOException {
    return new GridOrigin(
        readAll(count.of("exponents", Integer.BYTES), in::readInt),
        readAll(count.of("sites of an input", Short.BYTES), in::readUTF),
        readAll(count.of("constants", Float.BYTES), in::readFloat));
  }

  private static <T> void writeAll(List<T> elements, DataOutputStream out, Writer<T> writer)
      throws IOException {
    out.writeInt(elements.size());
    for (T element : elements) {
      writer.write(element);
    }
  }

  private static <T> List<T> readAll(int size, Reader<T> reader) throws IOException {
    List<T> elements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      elements.add(reader.read());
    }
    return elements;
  }
}
