package org.slimquant.benchmarks;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterAllocateTensors;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetInputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetOutputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterInvoke;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsSetNumThreads;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteModelDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorCopyFromBuffer;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteTensorCopyToBuffer;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.tensorflowlite.TfLiteInterpreterOptions;
import org.bytedeco.tensorflowlite.TfLiteModel;
import org.bytedeco.tensorflowlite.global.tensorflowlite;
import org.slimquant.engine.IntegerModel;

/**
 * TensorFlow Lite's interpreter, on one thread, as its C interface makes it: with its own int8
 * kernels. XNNPACK's, which this build has too, are not on by default, and Java cannot ask for
 * them.
 */
final class TfLiteInterpreter implements AutoCloseable {

  private static final int OK = 0;

  static {
    // Buffers are native memory, and the first is made before the first native call.
    Loader.load(tensorflowlite.class);
  }

  // The interpreter reads the file's bytes for as long as it lives.
  private final BytePointer file;
  private final TfLiteModel model;
  private final org.bytedeco.tensorflowlite.TfLiteInterpreter interpreter;
  private final BytePointer input;
  private final BytePointer output;

  /** Creates an interpreter of a model for one batch of input codes, unsigned ones of 8 bits. */
  TfLiteInterpreter(IntegerModel network, int[] codes) {
    int batch = codes.length / network.input().size();
    file = new BytePointer(TfLiteFile.of(network, batch));
    model = TfLiteModelCreate(file, file.capacity());
    TfLiteInterpreterOptions options = TfLiteInterpreterOptionsCreate();
    TfLiteInterpreterOptionsSetNumThreads(options, 1);
    interpreter = TfLiteInterpreterCreate(model, options);
    TfLiteInterpreterOptionsDelete(options);
    check(TfLiteInterpreterAllocateTensors(interpreter));
    byte[] bytes = new byte[codes.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (codes[i] + TfLiteFile.zeroPoint(network.input().format()));
    }
    input = new BytePointer(bytes);
    output = new BytePointer((long) batch * network.output().size());
  }

  /** Runs the model. */
  void run() {
    check(
        TfLiteTensorCopyFromBuffer(
            TfLiteInterpreterGetInputTensor(interpreter, 0), input, input.capacity()));
    check(TfLiteInterpreterInvoke(interpreter));
    check(
        TfLiteTensorCopyToBuffer(
            TfLiteInterpreterGetOutputTensor(interpreter, 0), output, output.capacity()));
  }

  /** Returns the codes that the last run computed, signed ones of 8 bits. */
  byte[] output() {
    byte[] codes = new byte[(int) output.capacity()];
    output.get(codes);
    return codes;
  }

  private static void check(int status) {
    if (status != OK) {
      throw new IllegalStateException(
          "TensorFlow Lite must return %d, but returned %d".formatted(OK, status));
    }
  }

  @Override
  public void close() {
    TfLiteInterpreterDelete(interpreter);
    TfLiteModelDelete(model);
    output.close();
    input.close();
    file.close();
  }
}
