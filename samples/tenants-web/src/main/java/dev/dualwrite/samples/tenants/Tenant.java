package dev.dualwrite.samples.tenants;

import dev.dualwrite.Reader;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Notes with each request whose it is. */
@Component
class Tenant extends OncePerRequestFilter {
    private static final String NAME = Tenant.class.getName();
    private static final PathPattern PATHS = PathPatternParser.defaultInstance.parse("/tenants/{tenant}/**");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        PathPattern.PathMatchInfo match = PATHS.matchAndExtract(PathContainer.parsePath(request.getRequestURI()));
        if (match != null) {
            request.setAttribute(NAME, match.getUriVariables().get("tenant"));
        }
        chain.doFilter(request, response);
    }

    /** All of a tenant's reads go to the same database. */
    static Reader ofThisRequest() {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        return request != null && request.getAttribute(NAME, RequestAttributes.SCOPE_REQUEST) instanceof String tenant
                ? Reader.of(tenant).with("tenant", tenant)
                : Reader.UNKNOWN;
    }
}
