package org.slimquant.benchmarks.inference;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slimquant.demo.deployment.CCompiler;
import org.slimquant.deploy.c.CExporter;
import org.slimquant.deploy.c.CFiles;
import org.slimquant.model.IntegerTensor;

/**
 * The exported C, compiled for this machine and called in this process: one call for each image,
 * which costs a microsecond.
 */
final class CRunner implements NetworkRunner {

  private final Path folder;
  private final NativeLibrary library;
  private final Function function;
  private final IntegerTensor result;
  private final Memory images;
  private final Memory output;
  private final List<Object[]> calls;

  /** Exports, compiles and loads the model. */
  CRunner(CCompiler compiler, Workload workload) throws IOException {
    folder = Files.createTempDirectory("network");
    CFiles files = CExporter.write(workload.model(), folder);
    Path file = folder.resolve(System.mapLibraryName(files.name()));
    try {
      compiler.compileLibrary(file, files.source());
    } catch (IOException | RuntimeException e) {
      deleteFolder();
      throw e;
    }
    library = NativeLibrary.getInstance(file.toString());
    function = library.getFunction(files.name() + "_run");
    result = workload.model().output();
    images = new Memory(workload.images().size());
    for (int i = 0; i < workload.images().size(); i++) {
      images.setByte(i, (byte) workload.images().get(i));
    }
    output = new Memory(workload.expected().length);
    long from = workload.model().input().size();
    long to = result.size();
    calls =
        IntStream.range(0, workload.batch())
            .mapToObj(i -> new Object[] {images.share(i * from), output.share(i * to)})
            .toList();
  }

  @Override
  public void run() {
    calls.forEach(function::invokeVoid);
  }

  @Override
  public float[] output() {
    run();
    byte[] bytes = output.getByteArray(0, (int) output.size());
    return Workload.numbers(
        result,
        IntStream.range(0, bytes.length)
            .map(i -> result.format().signed() ? bytes[i] : Byte.toUnsignedInt(bytes[i]))
            .toArray());
  }

  @Override
  public void close() {
    library.close();
    output.close();
    images.close();
    try {
      deleteFolder();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void deleteFolder() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    }
  }
}
