package org.slimquant.model;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slimquant.format.FixedPoint;
import org.slimquant.model.check.Fields;
import org.slimquant.model.proto.ModelBody;
import org.slimquant.model.proto.ModelFile;
import org.slimquant.model.proto.TensorRecord;

/**
 * Reads a model from protobuf's binary format: either all of it, or nothing with an error.
 *
 * <p>Memory is allocated only for the file's content, never by a size that the file claims. {@link
 * ModelLimits} bound the memory and the work that the model would need to run.
 */
final class ModelReader {

  // The tag of the field magic, which is the first, and its value.
  private static final byte MAGIC_TAG = 0x0d;
  private static final byte[] HEADER =
      ByteBuffer.allocate(1 + Integer.BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .put(MAGIC_TAG)
          .putInt(ModelWriter.MAGIC)
          .array();

  private ModelReader() {}

  /**
   * Returns the model in {@code file}.
   *
   * @throws ModelFormatException if the file is not a model, or is damaged
   * @throws IOException if the file cannot be read
   */
  static IntegerModel read(Path file, ModelLimits limits) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      // This comes before the rest is read, because a foreign file may have any size.
      byte[] header = in.readNBytes(HEADER.length);
      if (!Arrays.equals(header, HEADER)) {
        throw error(file, "an integer model must begin with 0d \"SLMQ\", but this does not");
      }
      byte[] rest = in.readNBytes(limits.bytes() - HEADER.length + 1);
      if (rest.length > limits.bytes() - HEADER.length) {
        throw error(
            file,
            "an integer model must have at most %d bytes, but this has more; %s"
                .formatted(limits.bytes(), ModelLimits.REMEDY));
      }
      byte[] bytes = Arrays.copyOf(header, header.length + rest.length);
      System.arraycopy(rest, 0, bytes, header.length, rest.length);
      return parse(file, bytes, limits);
    }
  }

  /**
   * Returns the model in {@code bytes}.
   *
   * @param file the name of the file for messages
   */
  static IntegerModel parse(Path file, byte[] bytes, ModelLimits limits)
      throws ModelFormatException {
    try {
      ModelFile message = ModelFile.parseFrom(bytes);
      checkVersion(file, message);
      if (!message.hasChecksum()
          || !message.hasModel()
          || message.getChecksum() != ModelWriter.checksum(message.getModel())) {
        throw error(
            file, "an integer model must have its checksum, but has another: it is damaged");
      }
      limits.checkRecords(message.getModel());
      ModelBody body = ModelBody.parseFrom(message.getModel());
      checkKnown(file, message);
      checkKnown(file, body);
      IntegerModel model = model(body, message.getVersion());
      limits.check(model);
      return model;
    } catch (InvalidProtocolBufferException e) {
      throw error(file, "an integer model must be whole, but is damaged: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw error(file, String.valueOf(e.getMessage()));
    }
  }

  // This comes before the checksum, because a newer file may have another checksum.
  private static void checkVersion(Path file, ModelFile message) throws ModelFormatException {
    if (message.getMagic() != ModelWriter.MAGIC || message.getVersion() < 1) {
      throw error(file, "an integer model must give its version, but this does not");
    }
    if (message.getVersion() > ModelWriter.VERSION) {
      throw error(
          file,
          "version must be at most %d to be read by this version of SlimQuant, but is %d"
              .formatted(ModelWriter.VERSION, message.getVersion()));
    }
  }

  /** Refuses unknown fields, because they may change what the other fields mean. */
  private static void checkKnown(Path file, Message message) throws ModelFormatException {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      throw error(
          file,
          "an integer model must have known fields only, but %s has number %s"
              .formatted(
                  message.getDescriptorForType().getName(),
                  message.getUnknownFields().asMap().keySet().iterator().next()));
    }
    for (Object value : message.getAllFields().values()) {
      for (Object element : value instanceof List<?> list ? list : List.of(value)) {
        if (element instanceof Message nested) {
          checkKnown(file, nested);
        }
      }
    }
  }

  private static IntegerModel model(ModelBody body, int version) {
    Fields.require(body, "a model", "name");
    int inputs = inputs(body, version);
    // A long, because a file may have any number of inputs.
    long expected = (long) inputs + body.getOpCount();
    if (body.getTensorCount() != expected) {
      throw new IllegalArgumentException(
          "a model of %d ops must have %d tensors, but has %d"
              .formatted(body.getOpCount(), expected, body.getTensorCount()));
    }
    List<IntegerTensor> tensors = new ArrayList<>();
    for (TensorRecord tensor : body.getTensorList()) {
      tensors.add(tensor(tensor));
    }
    WeightsTable table = new WeightsTable(body, version);
    List<IntegerOp> ops = new ArrayList<>();
    for (int i = 0; i < body.getOpCount(); i++) {
      ops.add(
          new OpReader(
                  body.getOp(i), table, tensors.subList(0, inputs + i), tensors.get(inputs + i))
              .read());
    }
    List<Integer> outputs = version < 3 ? List.of(body.getOutput()) : body.getOutputsList();
    return new IntegerModel(
        body.getName(),
        tensors.subList(0, inputs),
        outputs.stream()
            .map(index -> Fields.element(tensors, index, "a model", "tensors"))
            .toList(),
        ops);
  }

  /** Returns the number of inputs. Before version 3, every model has one input and one output. */
  private static int inputs(ModelBody body, int version) {
    if (version < 3) {
      Fields.require(body, "a model", "output");
      Fields.forbid(body, "a model", "inputs", "outputs");
      return 1;
    }
    Fields.require(body, "a model", "inputs", "outputs");
    Fields.forbid(body, "a model", "output");
    if (body.getInputs() < 1) {
      throw new IllegalArgumentException(
          "a model must have an input, but has %d".formatted(body.getInputs()));
    }
    return body.getInputs();
  }

  private static IntegerTensor tensor(TensorRecord tensor) {
    Fields.require(tensor, "a tensor", "name");
    String what = "tensor " + tensor.getName();
    Fields.require(tensor, what, "bits", "exponent", "signed");
    FixedPoint format =
        Fields.named(
            what, () -> new FixedPoint(tensor.getBits(), tensor.getExponent(), tensor.getSigned()));
    return new IntegerTensor(tensor.getName(), tensor.getShapeList(), format);
  }

  private static ModelFormatException error(Path file, String reason) {
    return new ModelFormatException("%s: %s".formatted(file, reason));
  }
}
