package org.slimquant.benchmarks.quantizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.List;
import javax.annotation.processing.Processor;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * javac in this process. It discards classes and keeps generated sources in memory. The jars of the
 * class path stay open from one compilation to the next.
 */
final class InMemoryCompiler implements AutoCloseable {

  private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
  private final StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8);

  /** Compiles without annotation processing. */
  void compile(List<JavaFileObject> sources) {
    call(List.of("-proc:none"), sources, List.of());
  }

  /**
   * Compiles with processors, and compiles the sources that they generate.
   *
   * @param processors new instances, whose classes stay loaded from earlier compilations
   */
  void compile(List<JavaFileObject> sources, Processor... processors) {
    call(List.of(), sources, List.of(processors));
  }

  @Override
  public void close() throws IOException {
    files.close();
  }

  private void call(
      List<String> options, List<JavaFileObject> sources, List<Processor> processors) {
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    JavaCompiler.CompilationTask task =
        compiler.getTask(null, new Outputs(files), diagnostics, options, null, sources);
    if (!processors.isEmpty()) {
      task.setProcessors(processors);
    }
    if (!task.call()) {
      throw new IllegalStateException(diagnostics.getDiagnostics().toString());
    }
  }

  /** Redirects written files from the disk to memory. */
  private static final class Outputs extends ForwardingJavaFileManager<JavaFileManager> {

    Outputs(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new MemoryFile(className, kind);
    }

    @Override
    public FileObject getFileForOutput(
        Location location, String packageName, String relativeName, FileObject sibling) {
      return new MemoryFile(relativeName, JavaFileObject.Kind.OTHER);
    }
  }

  /** A file that was written. */
  private static final class MemoryFile extends SimpleJavaFileObject {

    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    MemoryFile(String name, Kind kind) {
      super(URI.create("memory:///" + name.replace('.', '/') + kind.extension), kind);
    }

    @Override
    public OutputStream openOutputStream() {
      content.reset();
      return content;
    }

    @Override
    public String getCharContent(boolean ignoreEncodingErrors) {
      return content.toString(UTF_8);
    }
  }
}
