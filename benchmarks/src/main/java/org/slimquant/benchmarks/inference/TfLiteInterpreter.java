package org.slimquant.benchmarks.inference;

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

import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.tensorflowlite.TfLiteInterpreterOptions;
import org.bytedeco.tensorflowlite.TfLiteModel;
import org.bytedeco.tensorflowlite.global.tensorflowlite;
import org.slimquant.model.IntegerTensor;

/**
 * TensorFlow Lite's interpreter with the defaults of its C interface: its own int8 kernels. This
 * build also has XNNPACK's kernels, but they are not on by default, and Java cannot select them.
 */
final class TfLiteInterpreter implements NetworkRunner {

  private static final int OK = 0;

  static {
    // Buffers are native memory, and the first is made before the first native call.
    Loader.load(tensorflowlite.class);
  }

  // The interpreter reads the file's bytes for as long as it lives.
  private final BytePointer file;
  private final TfLiteModel model;
  private final org.bytedeco.tensorflowlite.TfLiteInterpreter interpreter;
  private final IntegerTensor result;
  private final BytePointer input;
  private final BytePointer output;

  TfLiteInterpreter(Workload workload) {
    IntegerTensor images = workload.model().input();
    result = workload.model().output();
    file = new BytePointer(TfLiteFile.of(workload.model(), workload.batch()));
    model = TfLiteModelCreate(file, file.capacity());
    TfLiteInterpreterOptions options = TfLiteInterpreterOptionsCreate();
    TfLiteInterpreterOptionsSetNumThreads(options, workload.threads());
    interpreter = TfLiteInterpreterCreate(model, options);
    TfLiteInterpreterOptionsDelete(options);
    check(TfLiteInterpreterAllocateTensors(interpreter));
    byte[] bytes = new byte[workload.images().size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (workload.images().get(i) + TfLiteFile.zeroPoint(images.format()));
    }
    input = new BytePointer(bytes);
    output = new BytePointer((long) workload.expected().length);
  }

  @Override
  public void run() {
    check(
        TfLiteTensorCopyFromBuffer(
            TfLiteInterpreterGetInputTensor(interpreter, 0), input, input.capacity()));
    check(TfLiteInterpreterInvoke(interpreter));
    check(
        TfLiteTensorCopyToBuffer(
            TfLiteInterpreterGetOutputTensor(interpreter, 0), output, output.capacity()));
  }

  @Override
  public float[] output() {
    run();
    byte[] bytes = new byte[(int) output.capacity()];
    output.get(bytes);
    int zeroPoint = TfLiteFile.zeroPoint(result.format());
    return Workload.numbers(
        result, IntStream.range(0, bytes.length).map(i -> bytes[i] - zeroPoint).toArray());
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
