declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  interface Options {
    url: string
    dom_id: string
    deepLinking: boolean
    docExpansion: 'list' | 'full' | 'none'
    requestInterceptor: (request: any) => Promise<unknown>
    validatorUrl: string | null
  }
  export default function SwaggerUI(options: Options): unknown
}
