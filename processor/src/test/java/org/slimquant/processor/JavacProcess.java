package org.slimquant.processor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.slimquant.processor.Compilations.classPath;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;

/**
 * Runs javac as a build tool does: it finds processors on a processor path, and these see no other
 * classes. This needs a JVM of its own.
 */
final class JavacProcess {

  private JavacProcess() {}

  /**
   * Compiles sources into a directory, and returns javac's messages.
   *
   * @param processorPath the places of processors, in this order
   */
  static String compile(
      Path directory, List<File> processorPath, List<String> options, JavaFileObject... sources)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
    command.addAll(options);
    command.addAll(List.of("-classpath", path(classPath()), "-processorpath", path(processorPath)));
    command.addAll(List.of("-d", directory.toString()));
    for (JavaFileObject source : sources) {
      Path file = directory.resolve(Path.of(source.getName()).getFileName());
      command.add(Files.writeString(file, source.getCharContent(true)).toString());
    }
    Process javac = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (InputStream messages = javac.getInputStream()) {
      return new String(messages.readAllBytes(), UTF_8);
    }
  }

  private static String path(List<File> files) {
    return files.stream()
        .filter(File::exists)
        .map(File::getPath)
        .collect(Collectors.joining(File.pathSeparator));
  }
}
