// Every field's resolver: hands the question to the file signer, and makes errors of its refusals.
import { util } from '@aws-appsync/utils';

export function request(ctx) {
  return {
    operation: 'Invoke',
    payload: {
      field: ctx.info.fieldName,
      arguments: ctx.args,
      authorization: ctx.request.headers.authorization,
    },
  };
}

export function response(ctx) {
  if (ctx.error) {
    util.error('This failed because of a mistake on our side.', 'internal');
  }
  if (ctx.result.error) {
    util.error(ctx.result.message, ctx.result.error);
  }
  return ctx.result.value;
}
