@NullMarked
package org.slimquant.deploy.certificate;

import org.jspecify.annotations.NullMarked;
