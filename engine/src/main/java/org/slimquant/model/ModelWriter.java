package org.slimquant.model;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.slimquant.io.AtomicFile;
import org.slimquant.model.proto.AddRecord;
import org.slimquant.model.proto.AveragePoolRecord;
import org.slimquant.model.proto.BiasRecord;
import org.slimquant.model.proto.ConcatRecord;
import org.slimquant.model.proto.Conv2DRecord;
import org.slimquant.model.proto.DenseRecord;
import org.slimquant.model.proto.DepthwiseConv2DRecord;
import org.slimquant.model.proto.KernelRecord;
import org.slimquant.model.proto.MaxPoolRecord;
import org.slimquant.model.proto.ModelBody;
import org.slimquant.model.proto.ModelFile;
import org.slimquant.model.proto.OpRecord;
import org.slimquant.model.proto.PadRecord;
import org.slimquant.model.proto.RequantizeRecord;
import org.slimquant.model.proto.ReshapeRecord;
import org.slimquant.model.proto.TensorRecord;
import org.slimquant.model.proto.WindowRecord;

/** Writes a model in protobuf's binary format, the same bytes for the same model. */
final class ModelWriter {

  /** The version of the schema that is written, and the newest that is read. */
  static final int VERSION = 2;

  /** The first field of every file: "SLMQ", the low byte first. */
  static final int MAGIC = 0x514d4c53;

  /** The largest number of bytes of a file. One array can hold it, with a margin. */
  static final long MAX_BYTES = 1 << 30;

  private final Map<String, Integer> indices = new LinkedHashMap<>();

  // Each has an index in the file. Equal ones have the same index.
  private final Map<Kernel, Integer> kernels = new LinkedHashMap<>();
  private final Map<Codes, Integer> biases = new LinkedHashMap<>();

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
      codes += (long) bytesPerCode(kernel.bits()) * kernel.codes().size();
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

  /** Returns the number of bytes of a kernel's code of {@code bits} bits. */
  static int bytesPerCode(int bits) {
    return bits <= Byte.SIZE ? 1 : 2;
  }

  private ModelBody body(IntegerModel model) {
    ModelBody.Builder body = ModelBody.newBuilder().setName(model.name());
    for (IntegerTensor tensor : model.tensors()) {
      indices.put(tensor.name(), indices.size());
      body.addTensor(tensor(tensor));
    }
    model.ops().forEach(op -> body.addOp(op(op)));
    kernels.keySet().forEach(kernel -> body.addKernel(kernel(kernel)));
    for (Codes bias : biases.keySet()) {
      body.addBias(BiasRecord.newBuilder().addAllCode(bias.stream().boxed().toList()));
    }
    return body.setOutput(index(model.output())).build();
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
    return op.apply(new OpFields(message)).build();
  }

  /** Adds the fields of an op of each kind. */
  private final class OpFields implements OpCases<OpRecord.Builder> {

    private final OpRecord.Builder message;

    OpFields(OpRecord.Builder message) {
      this.message = message;
    }

    @Override
    public OpRecord.Builder conv2D(Conv2D conv) {
      return withRange(conv)
          .setConv2D(
              Conv2DRecord.newBuilder()
                  .setWindow(window(conv.window()))
                  .setKernel(index(kernels, conv.kernel()))
                  .setBias(index(biases, conv.bias())));
    }

    @Override
    public OpRecord.Builder depthwiseConv2D(DepthwiseConv2D conv) {
      return withRange(conv)
          .setDepthwiseConv2D(
              DepthwiseConv2DRecord.newBuilder()
                  .setWindow(window(conv.window()))
                  .setKernel(index(kernels, conv.kernel()))
                  .setBias(index(biases, conv.bias())));
    }

    @Override
    public OpRecord.Builder dense(Dense dense) {
      return withRange(dense)
          .setDense(
              DenseRecord.newBuilder()
                  .setKernel(index(kernels, dense.kernel()))
                  .setBias(index(biases, dense.bias())));
    }

    @Override
    public OpRecord.Builder maxPool(MaxPool pool) {
      return message.setMaxPool(MaxPoolRecord.newBuilder().setWindow(window(pool.window())));
    }

    @Override
    public OpRecord.Builder averagePool(AveragePool pool) {
      return withRange(pool)
          .setAveragePool(AveragePoolRecord.newBuilder().setWindow(window(pool.window())));
    }

    @Override
    public OpRecord.Builder add(Add add) {
      return withRange(add).setAdd(AddRecord.getDefaultInstance());
    }

    @Override
    public OpRecord.Builder concat(Concat concat) {
      return withRange(concat).setConcat(ConcatRecord.newBuilder().setAxis(concat.axis()));
    }

    @Override
    public OpRecord.Builder pad(Pad pad) {
      return message.setPad(
          PadRecord.newBuilder().addAllBefore(pad.before()).addAllAfter(pad.after()));
    }

    @Override
    public OpRecord.Builder reshape(Reshape reshape) {
      return message.setReshape(ReshapeRecord.getDefaultInstance());
    }

    @Override
    public OpRecord.Builder requantize(Requantize requantize) {
      return withRange(requantize).setRequantize(RequantizeRecord.getDefaultInstance());
    }

    private OpRecord.Builder withRange(IntegerOp op) {
      return message.setMin(op.range().min()).setMax(op.range().max());
    }
  }

  private static <T> int index(Map<T, Integer> table, T element) {
    Integer next = table.size();
    Integer index = table.putIfAbsent(element, next);
    return index == null ? next : index;
  }

  private static KernelRecord kernel(Kernel kernel) {
    return KernelRecord.newBuilder()
        .addAllShape(kernel.shape())
        .setBits(kernel.bits())
        .setSigned(kernel.signed())
        .addAllExponent(kernel.exponents())
        .setCode(ByteString.copyFrom(codes(kernel)))
        .build();
  }

  private static byte[] codes(Kernel kernel) {
    int width = bytesPerCode(kernel.bits());
    byte[] bytes = new byte[width * kernel.codes().size()];
    for (int i = 0; i < kernel.codes().size(); i++) {
      int code = kernel.codes().get(i);
      bytes[i * width] = (byte) code;
      if (width == 2) {
        bytes[i * 2 + 1] = (byte) (code >> Byte.SIZE);
      }
    }
    return bytes;
  }

  private static WindowRecord window(Window window) {
    return WindowRecord.newBuilder()
        .setHeight(window.height())
        .setWidth(window.width())
        .setStrideDown(window.strideHeight())
        .setStrideAcross(window.strideWidth())
        .setDilationDown(window.dilationHeight())
        .setDilationAcross(window.dilationWidth())
        .setTop(window.padding().top())
        .setBottom(window.padding().bottom())
        .setLeft(window.padding().left())
        .setRight(window.padding().right())
        .build();
  }
}
