/** The page of the API's documentation: reads the same OpenAPI document that the console's client is generated from. */
import 'swagger-ui-dist/swagger-ui.css'
import './documentation.css'
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'

interface Sent {
  method: string
  headers: Record<string, string>
  [other: string]: unknown
}

/** Signing in sets an HttpOnly cookie; what changes something also needs the token of /api/me. */
async function withToken(request: Sent): Promise<Sent> {
  if (['GET', 'HEAD'].includes((request.method ?? 'GET').toUpperCase())) return request
  const answer = await fetch('/api/me')
  if (!answer.ok) return request
  const { csrf_token: token } = (await answer.json()) as { csrf_token: string }
  return { ...request, headers: { ...request.headers, 'X-CSRF-Token': token } }
}

SwaggerUI({
  url: '/api/openapi.json',
  dom_id: '#documentation',
  deepLinking: true,
  docExpansion: 'list',
  requestInterceptor: withToken,
  validatorUrl: null,
})
