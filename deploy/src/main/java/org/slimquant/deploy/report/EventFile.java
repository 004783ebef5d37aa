package org.slimquant.deploy.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.tensorflow.proto.Event;

/**
 * The file in which TensorBoard looks for events: a sequence of records, all numbers little-endian.
 *
 * <pre>{@code
 * long length, int mask(crc32c(length)), byte[length] event, int mask(crc32c(event))
 * mask(crc) = (crc rotated right by 15 bits) + 0xa282ead8
 * }</pre>
 */
final class EventFile {

  /** This is added so that a checksum over checksums is not a trivial number. */
  private static final int MASK = 0xa282ead8;

  private static final int ROTATION = 15;
  private static final int FRAME = Long.BYTES + 2 * Integer.BYTES;

  private EventFile() {}

  /**
   * Writes a new file of events.
   *
   * @param millis the time of writing, by which TensorBoard orders the files of a run
   */
  static void write(Path folder, long millis, List<Event> events) throws IOException {
    Files.createDirectories(folder);
    // TensorBoard reads files with "tfevents" in their name.
    Path file =
        folder.resolve(
            "events.out.tfevents.%010d.slimquant.%s".formatted(millis / 1000, UUID.randomUUID()));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      for (Event event : events) {
        ByteBuffer buffer = record(event.toByteArray());
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
    }
  }

  private static ByteBuffer record(byte[] event) {
    ByteBuffer buffer = ByteBuffer.allocate(FRAME + event.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(event.length);
    buffer.putInt(checksum(buffer.array(), Long.BYTES));
    buffer.put(event);
    buffer.putInt(checksum(event, event.length));
    return buffer.flip();
  }

  private static int checksum(byte[] bytes, int size) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, size);
    return Integer.rotateRight((int) crc.getValue(), ROTATION) + MASK;
  }
}
