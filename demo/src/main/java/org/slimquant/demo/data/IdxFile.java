package org.slimquant.demo.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A gzipped file of unsigned bytes in the IDX format of MNIST:
 *
 * <pre>{@code
 * 00 00 08 n   size 1 … size n   data
 *       │  │   32 bits each, high byte first; size 1 is the number of items
 *       │  number of dimensions
 *       unsigned bytes
 * }</pre>
 */
final class IdxFile {

  private static final int UNSIGNED_BYTES = 0x0800;

  // A gzip file of a thousandth of this size can claim so much.
  private static final int MAX_BYTES = 1 << 28;

  private final int count;
  private final byte[] data;

  private IdxFile(int count, byte[] data) {
    this.count = count;
    this.data = data;
  }

  /** Returns the number of items. */
  int count() {
    return count;
  }

  /** Returns an element, 0 to 255. */
  int get(int index) {
    return Byte.toUnsignedInt(data[index]);
  }

  /** Returns the number of elements of all items. */
  int size() {
    return data.length;
  }

  /**
   * Reads a file.
   *
   * @param itemShape the sizes of an item: none for labels, height and width for images
   * @param remedy the remedy for a missing or damaged file, which ends the messages
   * @throws DamagedFileException if the file is missing or damaged
   */
  static IdxFile read(Path file, String remedy, int... itemShape) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new DamagedFileException(
          "the data set must have the file %s, but it is not there; %s".formatted(file, remedy));
    }
    try (InputStream bytes = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(new GZIPInputStream(bytes))) {
      return read(in, file, remedy, itemShape);
    } catch (EOFException e) {
      throw new DamagedFileException(
          "%s must be whole, but ends too early; %s".formatted(file, remedy), e);
    } catch (ZipException e) {
      throw new DamagedFileException(
          "%s must be a gzip file, but is none or is damaged (%s); %s"
              .formatted(file, e.getMessage(), remedy),
          e);
    }
  }

  private static IdxFile read(DataInputStream in, Path file, String remedy, int[] itemShape)
      throws IOException {
    int magic = in.readInt();
    int expectedMagic = UNSIGNED_BYTES | (1 + itemShape.length);
    if (magic != expectedMagic) {
      throw new DamagedFileException(
          "%s must start with the number %08x, but starts with %08x; %s"
              .formatted(file, expectedMagic, magic, remedy));
    }
    int count = in.readInt();
    int[] shape = new int[itemShape.length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = in.readInt();
    }
    if (!Arrays.equals(shape, itemShape)) {
      throw new DamagedFileException(
          "%s must hold images of %s, but holds %s; %s"
              .formatted(file, text(itemShape), text(shape), remedy));
    }
    long size = Arrays.stream(itemShape).asLongStream().reduce(count, (a, b) -> a * b);
    if (count < 1 || size > MAX_BYTES) {
      throw new DamagedFileException(
          "%s must hold at least one item and at most 256 MB, but claims %d items; %s"
              .formatted(file, count, remedy));
    }
    byte[] data = in.readNBytes((int) size);
    if (data.length < size) {
      throw new DamagedFileException(
          "%s must hold %d items, as it claims, but ends after %d of %d bytes; %s"
              .formatted(file, count, data.length, size, remedy));
    }
    if (in.read() >= 0) {
      throw new DamagedFileException(
          "%s must end after %d items, as it claims, but goes on; %s"
              .formatted(file, count, remedy));
    }
    return new IdxFile(count, data);
  }

  private static String text(int[] shape) {
    return Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining("x"));
  }
}
