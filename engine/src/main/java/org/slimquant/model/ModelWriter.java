package org.slimquant.model;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.slimquant.io.AtomicFile;
import org.slimquant.model.proto.BiasRecord;
import org.slimquant.model.proto.KernelRecord;
import org.slimquant.model.proto.ModelBody;
import org.slimquant.model.proto.ModelFile;
import org.slimquant.model.proto.OpRecord;
import org.slimquant.model.proto.TensorRecord;

/** Writes a model in protobuf's binary format, the same bytes for the same model. */
final class ModelWriter {

  /** The version of the schema that is written, and the newest that is read. */
  static final int VERSION = 3;

  /** The first field of every file: "SLMQ", the low byte first. */
  static final int MAGIC = 0x514d4c53;

  /** The largest number of bytes of a file. One array can hold it, with a margin. */
  static final long MAX_BYTES = 1 << 30;

  private final Map<String, Integer> indices = new LinkedHashMap<>();
  private final WeightsIndex weights = new WeightsIndex();

  private ModelWriter() {}

  /**
   * Writes {@code model} to {@code file}, completely or not at all.
   *
   * @throws IllegalArgumentException if the file would be larger than 2^30 bytes
   */
  static void write(IntegerModel model, Path file) throws IOException {
    checkSize(model);
    AtomicFile.write(file, bytes(model));
  }

  private static void checkSize(IntegerModel model) {
    long codes = 0;
    for (Kernel kernel :
        model.layers().stream().map(WeightedOp::kernel).collect(Collectors.toSet())) {
      codes += (long) CodeBytes.width(kernel.bits()) * kernel.codes().size();
    }
    // Half of the bytes are for everything else: names, biases, exponents.
    if (codes > MAX_BYTES / 2) {
      throw new IllegalArgumentException(
          "the kernels of model %s must fit into %d bytes to be written, but need %d"
              .formatted(model.name(), MAX_BYTES / 2, codes));
    }
  }

  static byte[] bytes(IntegerModel model) {
    ByteString body = new ModelWriter().body(model).toByteString();
    return ModelFile.newBuilder()
        .setMagic(MAGIC)
        .setVersion(VERSION)
        .setChecksum(checksum(body))
        .setModel(body)
        .build()
        .toByteArray();
  }

  static int checksum(ByteString body) {
    CRC32 checksum = new CRC32();
    checksum.update(body.asReadOnlyByteBuffer());
    return (int) checksum.getValue();
  }

  private ModelBody body(IntegerModel model) {
    ModelBody.Builder body = ModelBody.newBuilder().setName(model.name());
    for (IntegerTensor tensor : model.tensors()) {
      indices.put(tensor.name(), indices.size());
      body.addTensor(tensor(tensor));
    }
    model.ops().forEach(op -> body.addOp(op(op)));
    weights.kernels().forEach(kernel -> body.addKernel(kernel(kernel)));
    for (Codes bias : weights.biases()) {
      body.addBias(BiasRecord.newBuilder().addAllCode(bias.stream().boxed().toList()));
    }
    model.outputs().forEach(output -> body.addOutputs(index(output)));
    return body.setInputs(model.inputs().size()).build();
  }

  private int index(IntegerTensor tensor) {
    // An op reads only tensors of the model.
    return indices.getOrDefault(tensor.name(), -1);
  }

  private static TensorRecord tensor(IntegerTensor tensor) {
    return TensorRecord.newBuilder()
        .setName(tensor.name())
        .addAllShape(tensor.shape())
        .setBits(tensor.format().bits())
        .setExponent(tensor.format().frac())
        .setSigned(tensor.format().signed())
        .build();
  }

  private OpRecord op(IntegerOp op) {
    OpRecord.Builder message = OpRecord.newBuilder().setName(op.name());
    op.inputs().forEach(input -> message.addInput(index(input)));
    return op.apply(new OpWriter(message, weights)).build();
  }

  private static KernelRecord kernel(Kernel kernel) {
    return KernelRecord.newBuilder()
        .addAllShape(kernel.shape())
        .setBits(kernel.bits())
        .setSigned(kernel.signed())
        .addAllExponent(kernel.exponents())
        .setCode(CodeBytes.of(kernel.codes(), kernel.bits()))
        .build();
  }
}
